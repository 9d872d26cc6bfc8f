from tasks.domain import claims


def test_the_one_ready_task_is_given_to_who_asks(ada, write, now):
    task = write()
    assert claims.next_task("ada", now=now) == claims.Work([task.pk], resumed=False)


def test_an_empty_board_says_that_nothing_is_ready(ada, now):
    assert claims.next_task("ada", now=now).reason == "nothing_ready"
