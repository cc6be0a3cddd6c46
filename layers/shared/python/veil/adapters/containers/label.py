"""The label of a picture that a model made: XMP with IPTC's `DigitalSourceType`, and nothing else beside the pixels.

The pixels stay as they are coded. What decides how they look stays, too: colour profiles, and the orientation alone of
EXIF. All else that a model attached (its workflow, its prompt, a manifest for other bytes) is left out.
"""

from veil.adapters.containers import jpeg, png, webp

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    f' Iptc4xmpExt:DigitalSourceType="{SOURCE}"/></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
).encode()
LABELLED = {"image/jpeg": jpeg.labelled, "image/png": png.labelled, "image/webp": webp.labelled}


def labelled(data: bytes, content_type: str) -> bytes | None:
    """The picture in ``data``, labelled, without what follows it; the same bytes for the same ones, and for those that
    were labelled before. None for half a picture, and for none of a type that models make.
    """
    label = LABELLED.get(content_type)
    return label(data, XMP) if label else None
