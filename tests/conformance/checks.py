"""Checks with the IDs of the check-list as names. One that is about collections runs over every one of its kind."""

import collections
import traceback

Check = collections.namedtuple("Check", "id asserts per run")
ALL = []


class Skipped(Exception):
    """What a check is about is not there; the reason is its text."""


def check(name, asserts, per="service"):
    """\\param per `service`: once; `features` or `series`: once for every collection of features, or of series (EDR); `tiles`: for those with tiles"""

    def add(function):
        ALL.append(Check(name, asserts, per, function))
        return function

    return add


def run(service):
    """\\return one entry a check: its ID, what it asserts, and what came of it, collection by collection"""
    listed = service.json("/collections")["collections"]
    kinds = {
        "features": [one for one in listed if one.get("itemType") == "feature"],
        "series": [one for one in listed if "itemType" not in one],
    }
    kinds["tiles"] = [one for one in kinds["features"] if any(link["rel"].endswith("/tilesets-vector") for link in one["links"])]
    results = []
    for one in ALL:
        outcomes = {}
        if one.per == "service":
            outcomes["service"] = outcome(one, service)
        else:
            for collection in kinds[one.per]:
                outcomes[collection["id"]] = outcome(one, service, collection)
        results.append({"id": one.id, "asserts": one.asserts, "result": sum_of(outcomes), "of": outcomes})
    return results


def outcome(one, *arguments):
    try:
        one.run(*arguments)
    except Skipped as skipped:
        return {"result": "skipped", "why": str(skipped)}
    except AssertionError as wrong:
        return {"result": "failed", "why": str(wrong) or where(wrong)}
    except Exception as wrong:  # an answer that is not even of the right shape
        return {"result": "failed", "why": f"{type(wrong).__name__}: {wrong} at {where(wrong)}"}
    return {"result": "passed"}


def where(wrong):
    at = traceback.extract_tb(wrong.__traceback__)[-1]
    return f"{at.filename.rsplit('/', 1)[-1]}:{at.lineno}: {at.line}"


def sum_of(outcomes):
    found = {one["result"] for one in outcomes.values()}
    return "failed" if "failed" in found or not found else "passed" if "passed" in found else "skipped"


def link(document, rel, media_type=None):
    """The address of the first link of this relation, which ends alike."""
    for one in document["links"]:
        if one["rel"].endswith(rel) and (media_type is None or one.get("type") == media_type):
            return one["href"]
    raise AssertionError(f"no link {rel} {media_type or ''}")


def problem(answer, *words, status=400):
    """A refusal as RFC 9457 has it, naming what it is about."""
    assert answer.status == status, f"{answer.status} instead of {status}: {answer.body[:200]!r}"
    assert answer.type().startswith("application/problem+json"), answer.type()
    detail = answer.json()["detail"]
    for word in words:
        assert word in detail, f"{word!r} is not in {detail!r}"
