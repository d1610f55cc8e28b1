"""Images: drawn anew, so that nothing but the picture is kept."""

from itertools import islice

from PIL import Image, ImageOps, ImageSequence, JpegImagePlugin, UnidentifiedImageError

from submissions.files.kinds import MAX_BYTES

from . import Refused

MAX_PIXELS = 50_000_000
MAX_FRAMES = 500
FORMATS = {
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "tif": "TIFF",
    "tiff": "TIFF",
}
# What belongs to the picture. Where, when, by whom and with what it was taken does not.
KEPT = {"transparency", "duration", "loop", "icc_profile"}

# We ask for the size ourselves, before anything is drawn.
Image.MAX_IMAGE_PIXELS = None


def check(path, extension, cleaned):
    format = FORMATS[extension]
    try:
        image = Image.open(path, formats=[format])
    except UnidentifiedImageError as error:
        raise Refused("type") from error
    with image:
        frames = 1 if format == "JPEG" else getattr(image, "n_frames", 1)
        if frames > MAX_FRAMES or image.width * image.height * frames > MAX_PIXELS:
            raise Refused("pixels")
        options = _options(image, format)
        drawn = [
            _drawn(frame) for frame in islice(ImageSequence.Iterator(image), frames)
        ]
    if frames > 1:
        options |= {"save_all": True, "append_images": drawn[1:]}
    drawn[0].save(cleaned, format=format, **options)
    if cleaned.stat().st_size > MAX_BYTES:
        raise Refused("too-large")
    return False


def _options(image, format):
    """Return how it is to be written: as it was, as far as that can be told."""
    if format == "JPEG":
        return {
            "qtables": image.quantization,
            "subsampling": JpegImagePlugin.get_sampling(image),
            "icc_profile": image.info.get("icc_profile"),
        }
    if format == "TIFF":
        is_black_and_white = image.mode == "1"
        return {"compression": "group4" if is_black_and_white else "tiff_adobe_deflate"}
    if format == "WEBP":
        return {"quality": 90}
    return {}


def _drawn(frame):
    """Return a picture, turned the way it is to be seen, with nothing else to it."""
    drawn = ImageOps.exif_transpose(frame)
    drawn.info = {name: value for name, value in frame.info.items() if name in KEPT}
    return drawn
