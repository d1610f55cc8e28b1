from .models import Principle, PrincipleVersion, Sentence


def load_principles(consultation, call, before):
    """Write the draft principles of a call file that it has changed.

    `before` is the file as it was loaded last, a dict. Changed sentences become a new
    version, so that a comment still points at the text it was written about.
    """
    principles_before = {
        principle["number"]: principle for principle in before.get("principles", [])
    }
    for in_file in call.model_dump(mode="json")["principles"]:
        if in_file == principles_before.get(in_file["number"]):
            continue
        principle, _created = Principle.objects.update_or_create(
            consultation=consultation,
            number=in_file["number"],
            defaults={"title": in_file["title"]},
        )
        newest = principle.versions.last()
        if newest is None or _sentences(newest) != in_file["sentences"]:
            publish(principle, in_file["sentences"])


def publish(principle, sentences):
    """Make a new version of the principle, current from now on; return it."""
    newest = principle.versions.last()
    version = PrincipleVersion.objects.create(
        principle=principle, number=newest.number + 1 if newest else 1
    )
    Sentence.objects.bulk_create(
        Sentence(version=version, number=number, text=text)
        for number, text in enumerate(sentences, start=1)
    )
    return version


def _sentences(version):
    return [sentence.text for sentence in version.sentences.all()]
