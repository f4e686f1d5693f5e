"""What the commands say at the console, in Chinese and English."""

from collections.abc import Mapping

PHRASES: Mapping[str, tuple[str, str]] = {
    "starting": ("聘用 Pinyong 正在启动，数据目录 {folder}", "Pinyong is starting, data folder {folder}"),
    "ready": ("  ✓ {part}", "  ✓ {part}"),
    "step": ("  … {step}", "  … {step}"),
    "migrating": ("  … 更新数据库结构", "  … bringing the database up to date"),
    "seeding": (
        "  … 首次启动：建立示例数据（至多一分钟）",
        "  … first start: making the sample data (a minute at most)",
    ),
    "up": ("已就绪，用时 {seconds:.1f} 秒。按 Ctrl-C 停止。", "ready in {seconds:.1f} s. Ctrl-C stops everything."),
    "url": ("  {name_zh}  {url}", "  {name_en}  {url}"),
    "logs": ("  日志  {folder}", "  logs  {folder}"),
    "act_as": (
        "  在 {url} 可切换为（示例人员）：",
        "  at {url} you may act as (sample people):",
    ),
    "guide": ("    {person}  {why_zh}", "    {person}  {why_en}"),
    "log": ("[{part}] {line}", "[{part}] {line}"),
    "ended": (
        "{part} 已退出（代码 {code}），{delay:g} 秒后重新启动；日志 {log}",
        "{part} ended (code {code}), starting it again in {delay:g} s; log {log}",
    ),
    "again": ("{part} 已重新启动", "{part} is running again"),
    "stopping": ("正在停止……", "stopping …"),
    "stopped": ("已全部停止。再次运行将从原处继续。", "everything has stopped. The next start goes on from here."),
    "port_taken": (
        "端口 {port}（{part}）已被占用：请释放该端口，或设置 {setting}（命令行 {flag}）。",
        "port {port} ({part}) is taken: free it, or set {setting} (on the command line {flag}).",
    ),
    "folder_held": (
        "数据目录 {folder} 正由进程 {holder} 使用：请先停止它。",
        "the data folder {folder} is in use by process {holder}: stop that first.",
    ),
    "no_stack": (
        "数据目录 {folder} 中没有系统的数据：请用 --data-dir 指明 pinyong up 的数据目录，或设置 PINYONG_DATABASE_URL。",
        "nothing of Pinyong is in {folder}: name another by --data-dir, or set PINYONG_DATABASE_URL.",
    ),
    "stack_stopped": (
        "数据目录 {folder} 上的系统（进程 {process}）已中断：请运行 pinyong up，或设置 PINYONG_DATABASE_URL。",
        "the stack on {folder} (process {process}) was cut off: start `pinyong up`, or set PINYONG_DATABASE_URL.",
    ),
    "password_not_left": (
        "数据目录 {folder} 上的系统使用外部数据库，其口令不作保存：请设置 PINYONG_DATABASE_URL。",
        "the stack on {folder} uses an outside database, whose password is not kept: set PINYONG_DATABASE_URL.",
    ),
    "part_failed": (
        "{part} 未能启动。日志末尾：\n{words}",
        "{part} could not be started. The end of its log:\n{words}",
    ),
    "missing": ("缺少程序：{what}。请运行 make setup。", "a program is missing: {what}. Run make setup."),
    "no_database": ("请设置 PINYONG_DATABASE_URL。", "set PINYONG_DATABASE_URL."),
    "database_away": (
        "无法连接数据库（{why}）：请检查 PINYONG_DATABASE_URL。",
        "the database cannot be reached ({why}): check PINYONG_DATABASE_URL.",
    ),
    "no_rehearsal": (
        "项目 {programme} 没有演练脚本；可演练：{known}。",
        "there is no script for the programme {programme}; there is one for: {known}.",
    ),
    "rehearsing": (
        "  {month}  在办 {open} 项，已结束 {closed} 项",
        "  {month}  {open} cases open, {closed} ended",
    ),
    "rehearsed": ("用时 {seconds:.0f} 秒。报告：{path}", "it took {seconds:.0f} s. The report: {path}"),
    "reset_ask": (
        "将清空数据目录 {folder}（数据库、事项、邮件、密钥），不可恢复。输入“是”或 yes 继续",
        "This empties the data folder {folder} (database, cases, mail, keys) for good. Type yes to go on",
    ),
    "reset_kept": ("未作改动。", "nothing was changed."),
    "reset_done": ("已清空 {folder}。", "{folder} is empty."),
    "reset_foreign": (
        "{folder} 不像是 Pinyong 的数据目录，拒绝清空。",
        "{folder} does not look like a data folder of Pinyong: not emptied.",
    ),
}


def phrase(language: str, sentence: str, /, **facts: object) -> str:
    """One sentence in the language (`en`, else Chinese), with its facts put in."""
    chinese, english = PHRASES[sentence]
    return (english if language == "en" else chinese).format(**facts)
