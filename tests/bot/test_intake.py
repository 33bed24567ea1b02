"""Updates that may be delivered to several processes: each handled once, those of a chat in their order."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from postgres_server import PostgresServer
from telegram import Chat, Message, Update, User
from tornado.web import HTTPError

from bot.arrivals import LONGEST, Arrival, Arrivals
from bot.intake import Intake, SharedProcessor
from bot.postgres import Postgres

LIN = User(7, "Lin", False)
Opening = Callable[[], Postgres]


@pytest.fixture
def opening(state_url: str) -> Iterator[Opening]:
    """Opens the same database, as another process."""
    opened: list[Postgres] = []

    def another() -> Postgres:
        opened.append(Postgres(state_url))
        return opened[-1]

    yield another
    for each in opened:
        each.close()


@dataclass
class Process:
    """What one of them has to take updates in."""

    arrivals: Arrivals
    intake: Intake
    processor: SharedProcessor

    @classmethod
    def of(cls, postgres: Postgres, lease: float = 30) -> "Process":
        arrivals = Arrivals(postgres, lease=lease)
        return cls(arrivals, Intake(arrivals), SharedProcessor(arrivals, patience=0.2))

    async def deliver(self, update: Update) -> bool:
        """Whether it was acknowledged."""
        try:
            await self.intake.put(update)
        except HTTPError as error:
            return error.status_code != HTTPStatus.SERVICE_UNAVAILABLE
        return True


def update(number: int, chat: int = 1) -> Update:
    return Update(number, message=Message(number, None, Chat(chat, "private"), from_user=LIN))


def test_an_update_is_taken_in_once_and_acknowledged_again_when_it_is_done(opening: Opening) -> None:
    one, two = Process.of(opening()), Process.of(opening())

    async def talk() -> None:
        assert await one.deliver(update(1))
        assert not await two.deliver(update(1))
        assert not await one.deliver(update(1))
        await one.processor.process_update(await one.intake.get(), asyncio.sleep(0))
        assert await two.deliver(update(1))
        assert one.intake.empty()
        assert two.intake.empty()

    asyncio.run(talk())


def test_a_chats_updates_are_handled_in_order_by_whichever_process_and_other_chats_do_not_wait(
    opening: Opening,
) -> None:
    processes, log = [Process.of(opening()), Process.of(opening())], []

    async def handle(number: int) -> None:
        await asyncio.sleep(0.02 if number % 2 else 0.1)
        log.append(number)

    async def talk() -> None:
        work: list[Awaitable[None]] = []
        for number in (*range(1, 9), 100):
            process = processes[number % 2]
            assert await process.deliver(update(number, 2 if number == 100 else 1))
            work.append(process.processor.process_update(await process.intake.get(), handle(number)))
        await asyncio.gather(*reversed(work))

    asyncio.run(talk())
    assert [each for each in log if each < 100] == list(range(1, 9))
    assert log.index(100) < 3


def test_what_a_dead_process_held_keeps_its_chat_waiting_for_the_lease_only(opening: Opening) -> None:
    dead, alive = Process.of(opening(), lease=0.3), Process.of(opening())

    async def talk() -> None:
        assert await dead.deliver(update(1))
        assert await alive.deliver(update(2))
        assert not await alive.arrivals.is_first(2, "chat 1")
        await alive.processor.process_update(await alive.intake.get(), asyncio.sleep(0))
        assert await alive.deliver(update(1)), "it was never acknowledged, so it is delivered again"
        assert await alive.intake.get() == update(1)

    asyncio.run(talk())


def test_a_sign_of_life_renews_the_lease(opening: Opening) -> None:
    one, two = Process.of(opening(), lease=0.5), Process.of(opening())

    async def talk() -> None:
        assert await one.deliver(update(1))
        for _ in range(4):
            await asyncio.sleep(0.2)
            await one.arrivals.hold()
        assert not await two.arrivals.is_first(2, "chat 1")

    asyncio.run(talk())


def test_a_flood_beyond_the_line_is_dropped_but_for_a_group_that_moved(
    opening: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    one, two, numbers = Process.of(opening()), Process.of(opening()), itertools.count(1)
    caplog.set_level("INFO")

    async def flood() -> None:
        for process in itertools.islice(itertools.cycle((one, two)), LONGEST + 6):
            assert await process.deliver(update(next(numbers)))
        assert await one.deliver(update(next(numbers), chat=2))
        moved = Message(99, None, Chat(1, "private"), from_user=LIN, migrate_to_chat_id=-1002)
        assert await two.deliver(Update(next(numbers), message=moved))

    asyncio.run(flood())
    assert one.intake.qsize() + two.intake.qsize() == LONGEST + 2
    assert [each.name for each in caplog.records] == ["bot.arrivals"] * 6


def test_while_the_database_is_away_nothing_is_acknowledged_and_what_is_at_work_goes_on(
    opening: Opening, postgres_server: PostgresServer
) -> None:
    one, two, done = Process.of(opening()), Process.of(opening()), []

    async def handle(number: int) -> None:
        done.append(number)

    async def talk() -> None:
        assert await one.deliver(update(1))
        postgres_server.kill()
        try:
            assert not await one.deliver(update(2))
            await one.processor.process_update(await one.intake.get(), handle(1))
        finally:
            postgres_server.start()
        await asyncio.sleep(1)
        await one.arrivals.hold()
        assert await two.arrivals.note(1, "chat 1") is Arrival.OVER
        assert await one.deliver(update(2))
        await one.processor.process_update(await one.intake.get(), handle(2))

    asyncio.run(talk())
    assert done == [1, 2]


def test_what_waits_when_the_database_goes_away_is_handled_when_it_is_back(
    opening: Opening, postgres_server: PostgresServer
) -> None:
    one, done = Process.of(opening()), []
    patient = SharedProcessor(one.arrivals)

    async def handle() -> None:
        done.append(await asyncio.to_thread(postgres_server._ready))

    async def talk() -> None:
        assert await one.deliver(update(1))
        postgres_server.kill()
        handling = asyncio.create_task(patient.process_update(await one.intake.get(), handle()))
        await asyncio.sleep(0.3)
        postgres_server.start()
        await handling

    asyncio.run(talk())
    assert done == [True]
