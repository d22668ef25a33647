"""Text bodies: `{"text": …}` or `{"texts": […]}`."""

from app.http.bodies.inputs import Inputs, Limits, expect_one_of, read_json
from app.http.body import Body
from app.http.schemas import TextBody
from app.validation import check_rows, check_text


def read_texts(body: Body, limits: Limits) -> Inputs:
    """The texts; raises `RequestInvalid` for blank, too long or too many ones."""
    request = read_json(body, TextBody)
    expect_one_of(request, "text", "texts")
    if request.text is not None:
        check_text(request.text, "/text", limits.max_text_characters)
        return Inputs([request.text], is_many=False)
    texts = request.texts or []
    check_rows(len(texts), limits.max_rows)
    for index, text in enumerate(texts):
        check_text(text, f"/texts/{index}", limits.max_text_characters)
    return Inputs(texts, is_many=True)
