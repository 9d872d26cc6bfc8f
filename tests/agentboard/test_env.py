"""Settings are checked once, at start, in a sentence that names the variable."""

import stat
from datetime import timedelta

import pytest

from agentboard import env
from tasks import durations

pytestmark = pytest.mark.once


def load(tmp_path, **variables):
    return env.load({f"AGENTBOARD_{name}": value for name, value in variables.items()}, base=tmp_path)


def test_nothing_set_is_a_board_of_its_own_on_loopback(tmp_path):
    settings = load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/var/agentboard.sqlite3"
    assert (settings.host, settings.port, settings.auth) == ("127.0.0.1", 8000, "open")
    assert (settings.stale_after, settings.reclaim_after) == (timedelta(minutes=30), timedelta(minutes=60))
    assert (settings.reserve_for, settings.offline_after) == (timedelta(hours=4), timedelta(minutes=5))
    assert settings.wip_limit == 1
    assert settings.webhook_private == ()


def test_an_empty_variable_means_its_default(tmp_path):
    assert load(tmp_path, PORT="", STALE_AFTER=" ") == load(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80a"), ("PORT", "-1"), ("PORT", "65536"), ("PORT", "٣"), ("WIP_LIMIT", "0"), ("WIP_LIMIT", "1.5"),
        ("STALE_AFTER", "30"), ("RECLAIM_AFTER", "1 hour"), ("RESERVE_FOR", "0m"), ("OFFLINE_AFTER", "-5m"),
        ("AUTH", "none"), ("AUTH", "Token"), ("WEBHOOK_PRIVATE", "10.0.0.1/8"),
        ("WEBHOOK_PRIVATE", "all"), ("DATABASE_URL", "mysql://x/y"), ("DATABASE_URL", "postgresql://host"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_by_its_name(tmp_path, name, value):
    with pytest.raises(env.EnvError, match=f"AGENTBOARD_{name}"):
        load(tmp_path, **{name: value})


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("4h", 14400), ("2d", 172800), ("1h30m", 5400)]
)
def test_durations_are_read_and_written_as_people_do(text, seconds):
    assert durations.parse(text) == timedelta(seconds=seconds)
    assert durations.parse(durations.write(seconds)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "5", "m", "5 m", "5m ", "-5m", "0s", "1w", "1.5h", "5M", "3651d", "9" * 50 + "s"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        durations.parse(text)


def test_a_database_url_is_taken_apart():
    url = "postgresql://us%40er:p%3Ass@db.example:6432/boards?sslmode=require"
    database = env.database(url)
    assert (database["USER"], database["PASSWORD"], database["HOST"]) == ("us@er", "p:ss", "db.example")
    assert (database["PORT"], database["NAME"], database["OPTIONS"]) == (
        "6432",
        "boards",
        {"sslmode": "require"},
    )
    assert env.database("sqlite:////srv/a%20b.sqlite3")["NAME"] == "/srv/a b.sqlite3"


def test_the_secret_is_made_once_and_kept_from_others(tmp_path):
    first = env.generated_secret(tmp_path / "var")
    assert first == env.generated_secret(tmp_path / "var")
    assert len(first) >= 50
    [path] = (tmp_path / "var").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("host", "names"),
    [
        *(("192.168.1.20", ["192.168.1.20"]), ("Board.Lan", ["board.lan"]), ("fd00::1", ["[fd00::1]"])),
        *(("0.0.0.0", []), ("::", [])),
    ],
)
def test_the_server_goes_by_the_name_it_listens_on_and_by_none_if_it_listens_everywhere(
    tmp_path, host, names
):
    assert load(tmp_path, HOST=host, AUTH="token").own_names() == names


def test_networks_are_separated_by_commas(tmp_path):
    allowed = load(tmp_path, WEBHOOK_PRIVATE="10.0.0.0/8, 127.0.0.1,::1/128").webhook_private
    assert [str(network) for network in allowed] == ["10.0.0.0/8", "127.0.0.1/32", "::1/128"]
