"""Who may see and do what: the cells of the role catalogue, written out here and compared (policy.md section 6)."""

import pytest

from services.engine.permissions import REACH, Held, Right, Scope, Viewer, reads_why_left, scope_of

(
    M,
    N,
    W,
    F,
    U,
    S,
    C,
    P,
    K,
    T,
    D,
    L,
    A,
    X,
    Q,
    V,
    Y,
    G,
    E,
    H,
    Z,
    B,
    J,
    R,
    O_,
    ST,
    OB,
    CP,
    CT,
    NT,
    KS,
    KO,
    SS,
    TS,
    ET,
    KF,
    SF,
    RF,
    OC,
    DP,
) = (
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
    Right.SEE_DEPARTURE,
    Right.RECORD_ABSENCE,
    Right.OPERATE,
    Right.KEEP_DOCUMENTS,
    Right.INSPECT,
    Right.KEEP_YEAR,
    Right.ARRANGE_CLINICS,
    Right.LEAD_FILINGS,
    Right.SEE_FILINGS,
    Right.PROPOSE_CHANGE,
    Right.KEEP_ATTENDANCE,
    Right.PAY,
    Right.KEEP_POOL,
    Right.KEEP_MENTORS,
    Right.STAND_STILL,
    Right.OPEN_BALANCES,
    Right.CONFIRM_PAY,
    Right.CALL_TALENTS,
    Right.NOMINATE_TALENT,
    Right.KEEP_SESSIONS,
    Right.KEEP_OWN_SESSIONS,
    Right.SEE_SIGNED,
    Right.SETTLE_TALENT,
    Right.END_TALENT,
    Right.KEEP_FUNDS,
    Right.SEE_FUNDS,
    Right.REQUEST_FUNDS,
    Right.OPEN_CONTRACTS,
    Right.KEEP_DEPUTIES,
)
CELLS = {
    "R-01": (Scope.BODY, {M, N, W, F, C, P, Q, K, D, L, A, Z, B, DP}),
    "R-02": (Scope.BODY, {M, N, W, F, C, K, T, L, Z}),
    "R-03": (Scope.BODY, {M, N, W, F, C, P, Q, K, D, L, A, Z, B, O_, DP}),
    "R-04": (Scope.BODY, {M, N, W, F, C, K, L, Z, O_}),
    "R-06": (Scope.SERVING, {A, B}),
    "R-07": (Scope.BELOW, {M, N, W, F, C, P, Q, K, U, T, L, G, E, H, Z, J, R, ST, OB, CP, DP}),
    "R-08": (Scope.BODY, {M, N, W, F, C, K}),
    "R-09": (Scope.BELOW, {M, N, W, F, C, P, Q, K, U, L, V, Y, H, R, ST, CT, DP}),
    "R-10": (Scope.BELOW, {M, N, W, F, C, K, U, L, V, Y, H, ST, CP, CT}),
    "R-11": (Scope.BODY, {M, N, W, F, C, P, K, H, DP}),
    "R-19": (Scope.BODY, {M, N, W, F, C, P, Q, K, NT, KS, SS, ET, SF, RF, DP}),
    "R-20": (Scope.BODY, {M, N, W, F, C, K, T, NT, SS, ET, SF, RF}),
    "R-22": (Scope.SERVING, {KO}),
    "R-23": (Scope.BELOW, {M, N, W, F, C, P, Q, K, U, TS, KF, SF, OC, DP}),
    "R-24": (Scope.BELOW, {M, N, W, F, C, K, U, TS, KF, SF}),
    "R-26": (Scope.BODY, {M, N, W, F, C, P, K, SF, DP}),
    "R-27": (Scope.BELOW, {M, N, W, F, SF}),
    "R-29": (Scope.BELOW, {M, N, U, S, C, D, DP}),
    "R-30": (Scope.NONE, {X}),
    "R-38": (Scope.BODY, {M, N, W, F, C, K}),
    "R-39": (Scope.BODY, {M, N, W, F, C, K, L, CP}),
}


def a_viewer(*held: Held) -> Viewer:
    return Viewer("p", "某人", "zh-CN", "here", held)


def test_the_table_is_the_reviewed_one() -> None:
    assert {role: (scope, set(rights)) for role, (scope, rights) in REACH.items()} == CELLS


def test_who_records_or_checks_a_sheet_may_read_its_words() -> None:
    for _, rights in REACH.values():
        assert not rights & {Right.RECORD_PAPER, Right.CHECK_PAPER} or Right.WORDS in rights


def test_who_keeps_attendance_reaches_no_case_and_may_record_only_at_their_own_institution() -> None:
    keeper = a_viewer(Held("R-06", "here", frozenset({"here"})))
    assert keeper.reached == frozenset()
    assert keeper.reached_for(Right.KEEP_ATTENDANCE) == {"here"}
    assert [keeper.may(Right.RECORD_ABSENCE, [place]) for place in ("here", "there")] == [True, False]


@pytest.mark.parametrize("role", ["R-05", "R-12", "R-31", "R-99"])
def test_a_role_that_is_not_in_the_table_reaches_nothing(role: str) -> None:
    assert scope_of(role) is Scope.NONE
    assert a_viewer(Held(role, "here", frozenset({"here"}))).rights() == frozenset()


def test_the_hr_monitor_reads_no_reasons_and_the_administrator_no_case() -> None:
    watcher = a_viewer(Held("R-29", "group", frozenset({"group", "here"})))
    assert not watcher.may(Right.WORDS, ["here"])
    assert not watcher.may(Right.CHECK_PAPER, ["here"])
    assert a_viewer(Held("R-30", "here")).reached == frozenset()


def test_a_right_holds_only_where_the_role_reaches() -> None:
    head = a_viewer(Held("R-02", "here", frozenset({"here"})), Held("R-29", "there", frozenset({"there"})))
    assert head.may(Right.WORDS, ["here"])
    assert not head.may(Right.WORDS, ["there"])
    assert not head.may(Right.URGE, ["here"])
    assert head.may(Right.URGE, ["there", "elsewhere"])
    assert head.reached_for(Right.WORDS) == {"here"}


@pytest.mark.parametrize(
    ("role", "at", "reads"),
    [
        ("R-03", "home", True),
        ("R-04", "home", True),
        ("R-07", "group", True),
        ("R-09", "group", True),
        ("R-10", "group", True),
        ("R-02", "there", False),
        ("R-01", "there", False),
        ("R-27", "group", False),
        ("R-29", "group", False),
        ("R-08", "home", False),
    ],
)
def test_why_a_person_left_is_read_at_home_and_by_those_who_see_every_case(role: str, at: str, *, reads: bool) -> None:
    """policy.md 6: a receiving side, the auditor and the HR monitor learn that the person left, and not why."""
    reaches = {"home": {"home"}, "there": {"there"}, "group": {"group", "home", "there"}}[at]
    viewer = a_viewer(Held(role, at, frozenset(reaches)))
    assert reads_why_left(viewer, subject="p-doctor", home="home", actor="p-hr") is reads


def test_why_a_person_left_is_read_by_the_person_and_by_who_recorded_it() -> None:
    for subject, actor in (("p", "p-hr"), ("p-doctor", "p")):
        assert reads_why_left(a_viewer(), subject=subject, home="home", actor=actor)
