"""`pinyong audit verify` finds what an owner of the database did to a file, and nothing where nobody did."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cli.audit import app
from db.engine.base import Sessions
from db.engine.opening import NewCase, open_case
from db.engine.seals import seal_next
from policies.engine.pack import Pack
from tests.builders.files import write
from tests.cli.conftest import Run
from tests.conftest import MONDAY
from vault.keyring import Keyring

CASE, OTHER = "cycle.x.2026", "cycle.y.2026"
SEALED_AT = "2 March 2026, 09:10"
FILE_AND_CASE = (
    "DELETE FROM event WHERE case_id = '{case}'",
    "DELETE FROM transition WHERE case_id = '{case}'",
    "DELETE FROM case_file WHERE id = '{case}'",
)
# What the case's own row said when its file had two lines: whoever has an old backup can write it back.
SET_BACK = "UPDATE case_file SET (events, file_head, file_seal) = (SELECT events, file_head, file_seal FROM backup)"


async def seal(record: Sessions, keyring: Keyring, *, minutes: int) -> str:
    """What somebody would write down: number and code."""
    async with record.begin() as session:
        made = await seal_next(session, keyring, at=MONDAY + timedelta(minutes=minutes))
    assert made
    return f"{made.seal.number}:{made.seal.code}"


@pytest.fixture
async def filed(record: Sessions, keyring: Keyring, dq_a: Pack) -> Sessions:
    """Two cases; the file of one has four lines, and a backup knows it with two."""
    async with record.begin() as session:
        for case in (CASE, OTHER):
            new = NewCase(id=case, lifecycle="DemandCycle", pack=dq_a, tasks=(), facts={})
            await open_case(session, new, at=MONDAY)
    await write(record, keyring, CASE, "line_1", "line_2", seq=1)
    async with record.begin() as session:
        await session.execute(text("CREATE TABLE backup AS SELECT * FROM case_file WHERE events > 0"))
    await write(record, keyring, CASE, "line_3", "line_4", seq=2)
    return record


@pytest.fixture
async def sealed(filed: Sessions, keyring: Keyring) -> str:
    """The same, sealed once after ten minutes."""
    return await seal(filed, keyring, minutes=10)


async def as_owner(record: Sessions, *statements: str) -> None:
    async with record.begin() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await session.execute(text(statement.format(case=CASE)))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE event SET body = replace(body, 'line_2', 'line_9') WHERE number = 2",
            "line 2 of the file is not as it was written",
        ),
        ("UPDATE event SET body = 'no json' WHERE number = 2", "line 2 of the file is not as it was written"),
        (
            "UPDATE event SET at = at + interval '1 day' WHERE number = 3",
            "line 3 of the file is not as it was written",
        ),
        ("DELETE FROM event WHERE number = 2", "line 2 of the file is missing"),
        (
            "INSERT INTO event SELECT case_id, 5, at, body, mac, mac, key_id FROM event WHERE number = 4",
            "line 5 of the file is not as it was written",
        ),
        ("DELETE FROM event WHERE number = 4", "the end of the file is not what the case itself has on record"),
        ("DELETE FROM event", "the end of the file is not what the case itself has on record"),
        ("UPDATE case_file SET outcome = 'filed'", "stage or outcome of the case is not what its file says"),
        ("UPDATE case_file SET stage = 'matched'", "stage or outcome of the case is not what its file says"),
    ],
    ids=["altered", "unreadable", "moved in time", "missing", "appended", "cut off", "emptied", "outcome", "stage"],
)
@pytest.mark.usefixtures("filed")
async def test_what_an_owner_of_the_database_did_to_a_file_is_named(
    record: Sessions, run: Run, statement: str, said: str
) -> None:
    await as_owner(record, statement)

    result = await run(app, "verify")

    assert result.exit_code == 1, result.output
    assert result.output.startswith(f"1. case {CASE}\n   found: {said}")
    assert "\n   to do: compare this place with the newest backup" in result.output


@pytest.mark.usefixtures("filed")
async def test_a_cut_off_line_is_found_though_the_case_counts_one_less(record: Sessions, run: Run) -> None:
    await as_owner(
        record,
        "DELETE FROM event WHERE number = 4",
        "UPDATE case_file SET events = 3, file_head = (SELECT mac FROM event WHERE number = 3)",
    )

    result = await run(app, "verify", language="zh-CN")

    assert result.exit_code == 1
    assert result.output.startswith(f"1. 事项 {CASE}\n   发现：档案末尾与事项自己的记录不符")


# What only the register of seals can tell: no line of what is left is wrong.


@pytest.mark.usefixtures("sealed")
async def test_a_case_that_was_deleted_with_all_its_rows_is_named(record: Sessions, run: Run) -> None:
    await as_owner(record, *FILE_AND_CASE)

    result = await run(app, "verify")

    assert result.exit_code == 1
    told = f"the whole file is gone from the database. Seal 1 of {SEALED_AT} names it, with 4 lines."
    assert result.output.startswith(f"1. case {CASE}\n   found: {told}\n   to do: find what is missing in a backup")
    assert "\n1 damages found." in result.output


async def test_before_the_first_seal_nobody_can_tell_and_verify_says_so(filed: Sessions, run: Run) -> None:
    await as_owner(filed, *FILE_AND_CASE, "DELETE FROM unsealed WHERE case_id = '{case}'")

    result = await run(app, "verify")

    assert result.exit_code == 0
    assert "there is no seal yet" in result.output


@pytest.mark.usefixtures("sealed")
async def test_a_tail_cut_off_together_with_the_cases_own_row_is_named(record: Sessions, run: Run) -> None:
    await as_owner(record, "DELETE FROM event WHERE number > 2", f"{SET_BACK} WHERE id = '{{case}}'")

    result = await run(app, "verify")

    assert result.exit_code == 1
    told = f"the file is shorter than it was: seal 1 of {SEALED_AT} names line 4, which is not there."
    assert result.output.startswith(f"1. case {CASE}\n   found: {told}")
    assert "\n1 damages found." in result.output


@pytest.mark.usefixtures("sealed")
async def test_a_file_that_was_set_back_and_goes_on_otherwise_is_named_though_it_is_sealed_again(
    record: Sessions, keyring: Keyring, run: Run
) -> None:
    await as_owner(record, "DELETE FROM event WHERE number > 2", f"{SET_BACK} WHERE id = '{{case}}'")
    await write(record, keyring, CASE, "other_3", "other_4", "other_5", seq=3)
    await seal(record, keyring, minutes=20)

    result = await run(app, "verify")

    assert result.exit_code == 1
    told = f"the file was set back and then went on otherwise: line 4 is not the one that seal 1 of {SEALED_AT} names."
    assert result.output.startswith(f"1. case {CASE}\n   found: {told}")
    assert "\n1 damages found." in result.output


@pytest.mark.usefixtures("sealed")
async def test_a_line_of_the_former_file_among_those_of_the_new_is_found(
    record: Sessions, keyring: Keyring, run: Run
) -> None:
    """Each line by itself is one that the product wrote, and so is the last."""
    await as_owner(record, "CREATE TABLE former AS TABLE event", "DELETE FROM event WHERE number > 2")
    await as_owner(record, f"{SET_BACK} WHERE id = '{{case}}'", "DELETE FROM seal_line", "DELETE FROM seal")
    await write(record, keyring, CASE, "other_3", "other_4", seq=3)
    await as_owner(record, "DELETE FROM event WHERE number = 3")
    await as_owner(record, "INSERT INTO event SELECT * FROM former WHERE number = 3")

    result = await run(app, "verify")

    assert result.exit_code == 1
    assert result.output.startswith(f"1. case {CASE}\n   found: line 4 of the file is not as it was written")


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE seal SET at = at - interval '1 day' WHERE number = 2"], "seal 2 of 1 March 2026, 09:20 is not as"),
        (["UPDATE seal_line SET events = 1 WHERE seal = 2"], "seal 2 of 2 March 2026, 09:20 is not as it was made"),
        (["DELETE FROM seal_line WHERE seal = 1 AND case_id = '{case}'"], f"seal 1 of {SEALED_AT} is not as"),
        (
            ["INSERT INTO seal_line VALUES ('posting.dq-a.2026.9', 1, 0, '')"],
            f"seal 1 of {SEALED_AT} is not as it was made",
        ),
        (
            ["DELETE FROM seal_line WHERE seal = 1", "DELETE FROM seal WHERE number = 1"],
            "missing from the register: seals 1 to 1.",
        ),
        (
            ["DELETE FROM seal_line WHERE seal IN (2, 3)", "DELETE FROM seal WHERE number IN (2, 3)"],
            "missing from the register: seals 2 to 3.",
        ),
        (["DELETE FROM seal WHERE number > 2"], "missing from the register: seals 3 to 4."),
    ],
    ids=["moved in time", "line altered", "line deleted", "line added", "first deleted", "deleted", "last deleted"],
)
@pytest.mark.usefixtures("sealed")
async def test_a_seal_that_was_altered_or_deleted_is_named(
    record: Sessions, keyring: Keyring, run: Run, statements: list[str], said: str
) -> None:
    for number, minutes in enumerate((20, 30, 40), start=5):
        await write(record, keyring, CASE, f"line_{number}", seq=number)
        await seal(record, keyring, minutes=minutes)
    await as_owner(record, *statements)

    result = await run(app, "verify")

    assert result.exit_code == 1
    assert result.output.startswith(f"1. register of seals\n   found: {said}")
    assert "2. register of seals" not in result.output


@pytest.mark.usefixtures("sealed")
async def test_a_deleted_case_whose_seals_were_deleted_too_leaves_the_others_unsealed(
    record: Sessions, run: Run
) -> None:
    await as_owner(record, *FILE_AND_CASE, "DELETE FROM seal_line", "DELETE FROM seal")

    result = await run(app, "verify")

    assert result.exit_code == 1
    assert result.output.startswith(f"1. case {OTHER}\n   found: no seal names the file as it stands")


@pytest.mark.usefixtures("filed")
async def test_a_mark_that_was_taken_away_so_that_a_case_is_never_sealed_is_found(record: Sessions, run: Run) -> None:
    await as_owner(record, "DELETE FROM unsealed WHERE case_id = '{case}'")

    result = await run(app, "verify")

    assert result.exit_code == 1
    assert result.output.startswith(f"1. case {CASE}\n   found: no seal names the file as it stands")


async def test_a_register_that_was_made_anew_is_found_by_a_seal_on_paper(
    sealed: str, record: Sessions, keyring: Keyring, run: Run
) -> None:
    on_paper = sealed
    everything = ("DELETE FROM seal_line", "DELETE FROM seal", "INSERT INTO unsealed SELECT id, 9 FROM case_file")
    await as_owner(record, *FILE_AND_CASE, *everything)
    await seal(record, keyring, minutes=40)
    assert (await run(app, "verify")).exit_code == 0

    result = await run(app, "verify", "--seal", on_paper)

    assert result.exit_code == 1
    number, code = on_paper.split(":")
    assert result.output.startswith(f"1. register of seals\n   found: seal {number} with the code {code}, which you")


async def test_a_seal_on_paper_that_is_in_the_register_is_no_damage(
    sealed: str, record: Sessions, keyring: Keyring, run: Run
) -> None:
    await write(record, keyring, CASE, "line_5", seq=5)
    await seal(record, keyring, minutes=20)

    assert (await run(app, "verify", "--seal", sealed)).exit_code == 0
    without_dashes = sealed.replace("-", "").upper()
    assert (await run(app, "verify", "--seal", without_dashes)).exit_code == 0


@pytest.mark.parametrize("given", ["1", "1:", "x:3f9a-0c41-77de", "1:3f9a-0c41", "1:3f9a-0c41-77dx"])
async def test_a_seal_that_cannot_be_read_is_refused(run: Run, given: str) -> None:
    result = await run(app, "verify", "--seal", given)

    assert result.exit_code == 2
    assert "--seal is written as number:code" in result.stderr


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE pack_version SET text = text || ' '",
            "1. registers and rules\n   found: the stored text of the rules",
        ),
        (
            "UPDATE pack_version SET text = 'x', sha256 = encode(sha256('x'), 'hex')",
            f"1. case {CASE}\n   found: the stored text of the rules",
        ),
    ],
)
@pytest.mark.usefixtures("sealed", "shelf")
async def test_rules_whose_stored_text_was_exchanged_are_named(
    record: Sessions, run: Run, statement: str, said: str
) -> None:
    assert (await run(app, "verify")).exit_code == 0
    await as_owner(record, statement)

    result = await run(app, "verify")

    assert result.exit_code == 1
    assert result.output.startswith(said)


@pytest.mark.usefixtures("sealed")
async def test_a_row_beside_the_file_is_named_in_the_words_of_an_office(record: Sessions, run: Run) -> None:
    await as_owner(
        record,
        "INSERT INTO finding (case_id, rule, finding, at) VALUES ('{case}', 'DQ-3.1.1a', '{{}}', '2026-03-02 01:00Z')",
        "UPDATE case_file SET programme = 'DQ-B' WHERE id = '{case}'",
    )

    result = await run(app, "verify", language="zh-CN")

    assert result.exit_code == 1
    assert (
        f"事项 {CASE}\n   发现：开办登记（人员、机构、依据版本） {CASE}：现在的内容不是档案所记的内容。"
        in result.output
    )
    assert "发现：认定结论 DQ-3.1.1a (2026年3月2日 09:00)：档案没有记载，不是由系统办理写入的。" in result.output


# What it says of an honest record.


async def test_an_untouched_record_is_whole_and_verify_says_until_when_it_is_sealed(
    sealed: str, record: Sessions, keyring: Keyring, run: Run
) -> None:
    number, code = sealed.split(":")
    result = await run(app, "verify")

    assert result.exit_code == 0
    assert result.output == (
        "checked: 2 files, 4 lines, 1 seals.\n"
        f"sealed until {SEALED_AT}: seal {number}, code {code}. Write it down and keep it elsewhere; give it to the "
        f"next audit as --seal {number}:{code}.\n"
        "cases that wait for the next seal: 0. What was written after the newest seal can be removed, by somebody with "
        "rights on the database, without this audit seeing it.\n"
        "whole: everything is as it was written.\n"
    )
    await write(record, keyring, CASE, "line_5", seq=5)

    result = await run(app, "verify", language="zh-CN")

    assert result.exit_code == 0
    assert result.output == (
        "已核对 2 份档案、5 行、1 枚封签。\n"
        f"封签截至2026年3月2日 09:10：第 {number} 号，校验码 {code}。"
        f"请抄下另行保管，下次核对时加上 --seal {number}:{code}。\n"
        "尚未封签的事项：1 份。最后一枚封签之后写入的内容，有数据库权限的人可以删去而不被本核对发现。\n"
        "完整：全部相符，没有发现问题。\n"
    )
