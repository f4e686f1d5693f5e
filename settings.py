"""Every setting of Pinyong, read from PINYONG_ environment variables by the process entries and by nobody else."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PINYONG_"

Port = Annotated[int, Field(ge=1, le=65535)]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
Known = Mapping[str, object]


def _default_smtp_port(known: Known) -> int:
    if known.get("smtp_host") is None:
        return 8025
    return 587 if known.get("smtp_starttls") else 25


def _default_keys_file(known: Known) -> Path:
    return Path(str(known["data_dir"])) / "keys.toml"


def _default_base_url(known: Known) -> str:
    return f"http://{known['web_host']}:{known['web_port']}"


class SettingsRefused(Exception):
    """The settings name something unknown or a value that cannot be used."""


class Settings(BaseSettings):
    """What an operator may set; immutable once read. A field's variable is its name in capitals behind PINYONG_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    data_dir: Folder = Field(
        default=Path(".data"),
        validate_default=True,
        description="Folder of everything `pinyong up` keeps: database, Temporal file, mailbox, keys, logs.",
    )
    demo: bool = Field(
        default=False, description="Sample data and a readable mailbox page; `pinyong up` sets it. Never in production."
    )
    language: Literal["zh-CN", "en"] = Field(
        default="zh-CN", description="Language of the console's first page and of the commands: zh-CN or en."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severity that worker and web write to their logs."
    )
    build_id: str = Field(
        default="dev", min_length=1, description="Name of this release, told to Temporal by the worker."
    )

    web_host: str = Field(default="127.0.0.1", description="Address on which the web process listens.")
    web_port: Port = Field(default=8000, description="Port on which the web process listens.")
    base_url: str = Field(
        default_factory=_default_base_url,
        description="Address under which people reach the console, used in letters; without it web_host and web_port.",
    )

    database_url: str | None = Field(
        default=None,
        repr=False,
        description="postgresql+asyncpg://… of an own PostgreSQL (15 or later); without it the embedded one.",
    )
    postgres_bin: Path | None = Field(
        default=None,
        description="Folder of PostgreSQL programs for the embedded database; without it the installed wheel's.",
    )
    postgres_port: Port = Field(default=54329, description="Port of the embedded PostgreSQL on 127.0.0.1.")

    temporal_address: str | None = Field(
        default=None, description="host:port of an own Temporal cluster; without it the embedded server is started."
    )
    temporal_namespace: str = Field(
        default="default", min_length=1, description="Temporal namespace that holds the cases."
    )
    temporal_port: Port = Field(default=7233, description="Port of the embedded Temporal server on 127.0.0.1.")
    temporal_ui_port: Port = Field(default=8233, description="Port of the embedded Temporal server's own pages.")
    task_queue: str = Field(default="pinyong", min_length=1, description="Temporal task queue of the workers.")

    smtp_host: str | None = Field(
        default=None, description="The office's mail server; without it the embedded mailbox catches every letter."
    )
    smtp_starttls: bool = Field(default=False, description="Whether the mail server is spoken to over STARTTLS.")
    smtp_port: Port = Field(
        default_factory=_default_smtp_port,
        description="Port of the mail server; without it 8025 for the mailbox, 587 with STARTTLS, else 25.",
    )
    smtp_user: str | None = Field(default=None, description="Account at the mail server, where it asks for one.")
    smtp_password: SecretStr | None = Field(default=None, description="Password of that account.")
    mail_from: str = Field(default="pinyong@localhost", description="Sender's address of every letter.")
    mail_per_minute: int | None = Field(
        default=None,
        ge=1,
        description="Most letters in a minute, where the mail server sets a limit; without it no limit.",
    )

    keys_file: Folder = Field(
        default_factory=_default_keys_file,
        description="TOML file of the encryption and signing keys (mode 0600); else keys.toml in the data folder.",
    )
    fonts_folder: Folder | None = Field(
        default=None,
        description="Folder with a font for simplified Chinese, for PDFs; without it those that the machine has.",
    )

    @property
    def mailbox_folder(self) -> Path:
        """The Maildir of the embedded mailbox."""
        return self.data_dir / "mailbox"

    @property
    def logs_folder(self) -> Path:
        """Where the parts started by `pinyong up` write their logs."""
        return self.data_dir / "logs"


def read_settings(**overrides: object) -> Settings:
    """Read the environment; `overrides` (command-line flags) win where they are not None.

    Raises SettingsRefused with one line per fault: an unknown PINYONG_ variable (mostly a misspelt one) or a bad value.
    """
    _refuse_unknown(os.environ)
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks names and values
    except ValidationError as refusal:
        raise SettingsRefused(_in_lines(refusal)) from None


def environment_of(settings: Settings) -> dict[str, str]:
    """The PINYONG_ variables from which another process reads the same settings."""
    return {
        PREFIX + name.upper(): _as_text(value)
        for name in Settings.model_fields
        if (value := getattr(settings, name)) is not None
    }


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    # The settings library ignores variables that it does not know, so a misspelt one would silently change nothing.
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise SettingsRefused("\n".join(_unknown_line(name, known) for name in unknown))


def _unknown_line(name: str, known: set[str]) -> str:
    near = get_close_matches(name.upper(), known, n=1)
    hint = f"; 是否为 {near[0]} / perhaps {near[0]}" if near else ""
    return f"{name}: 没有这项设置 / no such setting{hint}"


def _in_lines(refusal: ValidationError) -> str:
    return "\n".join(
        f"{PREFIX}{'.'.join(str(part) for part in fault['loc']).upper()}: 值不可用 / {fault['msg']}"
        for fault in refusal.errors(include_input=False, include_url=False)
        if fault["type"] != "default_factory_not_called"  # only the echo of another fault
    )


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value).lower() if isinstance(value, bool) else str(value)
