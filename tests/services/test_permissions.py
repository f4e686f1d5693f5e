"""Who may see and do what: the cells of the role catalogue, written out here and compared (policy.md section 6)."""

import pytest

from services.engine.permissions import REACH, Held, Right, Scope, Viewer, scope_of

M, N, W, F, U, S, C, P, K, T, D, X = (
    Right.MONITOR,
    Right.NAMES,
    Right.WORDS,
    Right.FINDINGS,
    Right.URGE,
    Right.NAME_SOMEONE,
    Right.COMMENT,
    Right.RECORD_PAPER,
    Right.CHECK_PAPER,
    Right.TAKE_BACK,
    Right.RECORD_DEPARTURE,
    Right.OPERATE,
)
CELLS = {
    "R-01": (Scope.BODY, {M, N, W, F, C, P, K, D}),
    "R-02": (Scope.BODY, {M, N, W, F, C, K, T}),
    "R-03": (Scope.BODY, {M, N, W, F, C, P, K, D}),
    "R-04": (Scope.BODY, {M, N, W, F, C, K}),
    "R-07": (Scope.BELOW, {M, N, W, F, C, P, K, U, T}),
    "R-08": (Scope.BODY, {M, N, W, F, C, K}),
    "R-09": (Scope.BELOW, {M, N, W, F, C, P, K, U}),
    "R-10": (Scope.BELOW, {M, N, W, F, C, K, U}),
    "R-27": (Scope.BELOW, {M, N, W, F}),
    "R-29": (Scope.BELOW, {M, N, U, S, C, K, D}),
    "R-30": (Scope.NONE, {X}),
    "R-38": (Scope.BODY, {M, N, W, F, C, K}),
    "R-39": (Scope.BODY, {M, N, W, F, C, K}),
}


def a_viewer(*held: Held) -> Viewer:
    return Viewer("p", "某人", "zh-CN", "here", held)


def test_the_table_is_the_reviewed_one() -> None:
    assert {role: (scope, set(rights)) for role, (scope, rights) in REACH.items()} == CELLS


@pytest.mark.parametrize("role", ["R-05", "R-11", "R-31", "R-99"])
def test_a_role_that_is_not_in_the_table_reaches_nothing(role: str) -> None:
    assert scope_of(role) is Scope.NONE
    assert a_viewer(Held(role, "here", frozenset({"here"}))).rights() == frozenset()


def test_the_hr_monitor_reads_no_reasons_and_the_administrator_no_case() -> None:
    watcher = a_viewer(Held("R-29", "group", frozenset({"group", "here"})))
    assert not watcher.may(Right.WORDS, ["here"])
    assert a_viewer(Held("R-30", "here")).reached == frozenset()


def test_a_right_holds_only_where_the_role_reaches() -> None:
    head = a_viewer(Held("R-02", "here", frozenset({"here"})), Held("R-29", "there", frozenset({"there"})))
    assert head.may(Right.WORDS, ["here"])
    assert not head.may(Right.WORDS, ["there"])
    assert not head.may(Right.URGE, ["here"])
    assert head.may(Right.URGE, ["there", "elsewhere"])
    assert head.reached_for(Right.WORDS) == {"here"}
