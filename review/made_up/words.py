"""Sentences that read like evidence, from a seed: made up, every one of them."""

import math

WHO = (
    "the council",
    "our commissioners",
    "a national provider",
    "the local charity",
    "our volunteers",
    "the procurement team",
    "a community organisation",
    "the parish",
    "the health trust",
    "a neighbourhood forum",
    "the union branch",
    "the contract manager",
    "our trustees",
    "the people we support",
    "the lead contractor",
)
DID = (
    "combined",
    "broke up",
    "took over",
    "re-tendered",
    "asked us about",
    "paid for",
    "lost",
    "redesigned",
    "measured",
    "handed back",
    "cut",
    "doubled",
    "ran",
    "opened",
    "closed",
)
WHAT = (
    "eleven small contracts",
    "the advice service",
    "the homelessness pathway",
    "home care for older people",
    "a block contract worth £2.4m",
    "the youth centre",
    "the grants programme",
    "our day service",
    "the employment support lots",
    "public health outreach",
    "the social value weighting",
    "a five-year framework",
    "the community transport scheme",
    "the library building",
    "mental health drop-ins",
)
SO = (
    "and referrals fell by a third within a year",
    "so that people had to travel twelve miles for the same help",
    "which saved nothing once the failure demand was counted",
    "and for the first time residents were in the room",
    "because nobody had asked what was working already",
    "and the subcontractors carried all of the risk",
    "so demand on accident and emergency went down",
    "although the paperwork for £5,000 was the same as for £5m",
    "and the staff who knew everybody were gone by Easter",
    "which is the opposite of what the tender had promised",
    "and every pound spent there stayed within the town",
    "as the evaluation of the second year shows",
)
WHEN = (
    "In 2014",
    "Last winter",
    "Since the reorganisation",
    "Over three years",
    "When the contract ended",
    "Before the merger",
    "In the second year",
    "During the pilot",
)
ALSO = (
    "We would be glad to show anyone who asks.",
    "This was never written into the specification.",
    "Smaller lots would have kept three local providers.",
    "Trust takes years to build and one tender to lose.",
    "The figures are in the item that we attach.",
    "It works because people know one another.",
    "Scale is not the same as value.",
    "Nobody from the council has visited since.",
    "Long contracts helped us to plan; short ones did not.",
    "Early help costs less than the crisis it prevents.",
)
STARTS = [
    "Ash",
    "Black",
    "Brad",
    "Cold",
    "Dun",
    "East",
    "Fen",
    "Green",
    "Har",
    "Kirk",
    "Long",
    "Mar",
    "North",
    "Old",
    "Pen",
]
ENDINGS = [
    "bourne",
    "by",
    "combe",
    "dale",
    "field",
    "ford",
    "gate",
    "ham",
    "ley",
    "mere",
    "mouth",
    "ton",
    "wick",
    "worth",
]
KINDS = [
    "Trust",
    "Association",
    "Community Centre",
    "Partnership",
    "Forum",
    "Housing",
    "Action",
]
FIRST = [
    "Ada",
    "Ben",
    "Chidi",
    "Dilys",
    "Esi",
    "Farah",
    "Gwen",
    "Hugo",
    "Imran",
    "Joan",
    "Kofi",
    "Lena",
    "Mo",
    "Nia",
    "Omar",
]
LAST = [
    "Adeyemi",
    "Barnes",
    "Clarke",
    "Doyle",
    "Evans",
    "Fry",
    "Grant",
    "Hall",
    "Iqbal",
    "Jones",
    "Khan",
    "Lowe",
]


class Words:
    """Draws names and texts from one `random.Random`."""

    def __init__(self, random):
        self.random = random

    def place(self):
        """Return a town; one of some thousands, so that most are rare."""
        pick = self.random.choice
        return pick(STARTS) + pick(("", "", "s", "en", "er")) + pick(ENDINGS)

    def person(self):
        return f"{self.random.choice(FIRST)} {self.random.choice(LAST)}"

    def organisation(self):
        return f"{self.place()} {self.random.choice(KINDS)}"

    def sentence(self):
        pick = self.random.choice
        if self.random.random() < 0.25:
            return pick(ALSO)
        town = f" in {self.place()}" if self.random.random() < 0.3 else ""
        return f"{pick(WHEN)}{town}, {pick(WHO)} {pick(DID)} {pick(WHAT)} {pick(SO)}."

    def text(self, median=110, longest=4000):
        """Return paragraphs of about a log-normal number of words, as people write."""
        drawn = self.random.lognormvariate(math.log(median), 0.9)
        wanted = max(5, min(longest, drawn))
        paragraphs, sentences, words = [], [], 0
        while words < wanted:
            sentences.append(self.sentence())
            words += sentences[-1].count(" ") + 1
            if len(sentences) == 6:
                paragraphs.append(" ".join(sentences))
                sentences = []
        return "\n\n".join([*paragraphs, " ".join(sentences)]).strip()

    def wording(self, sentence):
        """Return another wording for a sentence: mostly one that others suggest too."""
        if self.random.random() < 0.6:
            return sentence.replace("must", "should").rstrip(".") + ", wherever it can."
        return f"{sentence.rstrip('.')}, {self.random.choice(SO)}."
