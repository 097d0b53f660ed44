"""Changes of many records in the background, with a worker and without one."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from resources import jobs
from resources.history import of_record
from resources.jobs import tasks, workers
from resources.models import Job, Resource, ResourceType, Worker

from ..factories import make_term

Status = Resource.Status
LIST = "/admin/resources/resource/"


def make_drafts(number):
    report = make_term(ResourceType, "Report")
    return Resource.objects.bulk_create(
        Resource(
            title=f"Draft {n}",
            summary="Text.",
            type=report,
            language="en",
            sort_title=f"draft {n}",
        )
        for n in range(number)
    )


@pytest.fixture
def many(db, monkeypatch):
    monkeypatch.setattr("resources.curation.bulk.jobs.SMALL", 5)
    monkeypatch.setattr(tasks, "BATCH", 4)
    return make_drafts(10)


def publish(client, resources):
    selected = [resource.pk for resource in resources]
    data = {"action": "publish", "_selected_action": selected, "why": "Ready"}
    return client.post(LIST, data, follow=True)


def work():
    call_command("worker", until_idle=True)


@pytest.mark.django_db(transaction=True)
def test_many_are_published_in_the_background(admin_client, admin_user, many, client):
    response = publish(admin_client, many)
    [job] = Job.objects.all()
    assert response.redirect_chain[-1][0] == f"/admin/resources/job/{job.pk}/change/"
    assert "0 of 10" in response.text and "No worker is running" in response.text
    assert Resource.objects.published().count() == 0
    work()
    text = admin_client.get(f"/admin/resources/job/{job.pk}/change/").text
    assert "10 resources were changed." in text and "No worker" not in text
    assert Resource.objects.published().count() == 10
    step = of_record(Resource, many[0].pk)[0].revision
    assert step.user == admin_user and step.comment == "Ready"
    assert step.step.job == job
    assert not Worker.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_progress_is_told(admin_client, many):
    publish(admin_client, many)
    job = Job.objects.get()
    tasks.not_finished(job.pk)
    answer = admin_client.get(f"/admin/resources/job/{job.pk}/progress/").json()
    assert answer == {"done": 4, "total": 10, "finished": False}


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_left_is_done_by_the_next(admin_client, many):
    publish(admin_client, many)
    job = Job.objects.get()
    # As a worker leaves it that is killed after its first batch.
    long_ago = timezone.now() - timedelta(hours=1)
    Worker.objects.create(pk="dead", seen_at=long_ago)
    DBTaskResult.objects.get().claim("dead")
    tasks.not_finished(job.pk)
    work()
    job.refresh_from_db()
    assert job.finished_at and job.changed == 10
    assert Resource.objects.published().count() == 10
    for resource in many:
        assert of_record(Resource, resource.pk).count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_a_living_worker_does_is_left_to_it(admin_client, many):
    publish(admin_client, many)
    workers.beat("alive")
    DBTaskResult.objects.get().claim("alive")
    assert workers.take_up() == 0
    work()
    assert Job.objects.get().done == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_without_a_task_is_taken_up(admin_client, many):
    """As after a restore: an archive has the jobs, not the tasks."""
    publish(admin_client, many)
    DBTaskResult.objects.all().delete()
    work()
    assert Job.objects.get().finished_at


@pytest.mark.django_db(transaction=True)
def test_a_problem_ends_the_job_and_is_shown(admin_client, many, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError("It is too much")

    publish(admin_client, many)
    monkeypatch.setattr(tasks, "change", fail)
    work()
    job = Job.objects.get()
    assert job.finished_at and job.done == 0
    text = admin_client.get(f"/admin/resources/job/{job.pk}/change/").text
    assert "It is too much" in text


def test_others_jobs_are_not_shown(client, django_user_model, db):
    job = jobs.start("publish", {}, [], None)
    staff = django_user_model.objects.create_user("staff", is_staff=True)
    client.force_login(staff)
    assert client.get(f"/admin/resources/job/{job.pk}/progress/").status_code == 404
    assert client.get("/admin/resources/job/").status_code == 200


def test_health_says_whether_anybody_works(client, db):
    jobs.start("publish", {}, [1], None)
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["worker"]["running"] is False
    assert answer.json()["worker"]["waiting"] == 1
    assert "manage.py worker" in answer.json()["worker"]["hint"]
    workers.beat("alive")
    assert client.get("/health/ready").json()["worker"]["running"] is True


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_take_at_most_twenty_seconds(admin_user):
    resources = make_drafts(10_000)
    jobs.start("publish", {}, [one.pk for one in resources], admin_user)
    # Of this process, whatever else the machine does meanwhile.
    started = time.process_time()
    work()
    assert time.process_time() - started < 20
    job = Job.objects.get()
    assert job.changed == 10_000 and job.finished_at
    assert of_record(Resource, resources[-1].pk).count() == 2


# The command itself


@pytest.fixture
def site(tmp_path):
    """Run commands on a database of their own; start workers that end with the test."""
    env = {
        "PATH": os.environ["PATH"],
        "LOCAL": "1",
        "DATA_DIR": str(tmp_path),
    }
    started = []

    def run(*arguments, background=False):
        command = [sys.executable, "manage.py", *arguments]
        options = {"cwd": site_settings.BASE_DIR, "env": env}
        if not background:
            return subprocess.run(
                command, **options, check=True, capture_output=True, text=True
            ).stdout
        process = subprocess.Popen(command, **options)
        started.append(process)
        return process

    run("migrate", "--verbosity=0")
    run("loaddata", "vocabularies", "sample", "--verbosity=0")
    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


SLOW = """
import time
from resources import jobs
from resources.jobs import tasks
from resources.models import *
ids = list(Resource.objects.order_by("pk").values_list("pk", flat=True))
job = jobs.start("set_programme", {"programme": Programme.objects.last().pk}, ids, None)
"""
STATE = """
import json
from resources.models import *
job = Job.objects.last()
print(json.dumps([job.done, job.total, bool(job.finished_at), Worker.objects.count()]))
"""


def state(site):
    return json.loads(site("shell", "--no-imports", "-c", STATE).splitlines()[-1])


def wait_for(site, condition):
    for _attempt in range(60):
        if condition(state(site)):
            return
        time.sleep(0.5)
    pytest.fail(f"It stayed as {state(site)}")


def wait_for_workers(site, number):
    count = "from resources.models import *; print(Worker.objects.count())"
    for _attempt in range(60):
        if site("shell", "--no-imports", "-c", count).strip() == str(number):
            return
        time.sleep(0.5)
    pytest.fail("The worker did not start, or did not end.")


def test_a_worker_works_and_stops_when_told(site):
    worker = site("worker", background=True)
    site("shell", "--no-imports", "-c", SLOW)
    wait_for(site, lambda now: now[2])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert state(site)[3] == 0


MANY = """
from resources import jobs
from resources.models import *
report = ResourceType.objects.first()
made = Resource.objects.bulk_create(
    Resource(title=f"Draft {n}", summary="Text.", type=report, language="en")
    for n in range(3000)
)
jobs.start("publish", {}, [one.pk for one in made], None)
"""
LATER = """
from datetime import timedelta
from resources.models import *
for worker in Worker.objects.all():
    worker.seen_at -= timedelta(minutes=1)
    worker.save()
"""
WHOLE = """
from resources.models import *
from reversion.models import Version
made = Resource.objects.filter(title__startswith="Draft ")
print(made.published().count(), Version.objects.count())
"""


def test_a_worker_that_is_killed_leaves_its_job_to_the_next(site):
    site("shell", "--no-imports", "-c", MANY)
    worker = site("worker", background=True)
    wait_for(site, lambda now: now[0])
    worker.kill()
    worker.wait()
    done, total, is_finished, _workers = state(site)
    assert 0 < done < total and not is_finished
    # Each record that was changed has its versions, before the rest is done too.
    changed, versions = site("shell", "--no-imports", "-c", WHOLE).split()[-2:]
    assert int(changed) == done and int(versions) == 2 * done
    site("shell", "--no-imports", "-c", LATER)
    site("worker", "--until-idle")
    assert state(site)[:3] == [total, total, True]
    changed, versions = site("shell", "--no-imports", "-c", WHOLE).split()[-2:]
    assert int(changed) == total and int(versions) == 2 * total


def test_a_worker_ends_with_the_process_it_belongs_to(site):
    parent = subprocess.Popen(["sleep", "60"])
    worker = site("worker", f"--while-running={parent.pid}", background=True)
    wait_for_workers(site, 1)
    parent.kill()
    parent.wait()
    assert worker.wait(30) == 0
    wait_for_workers(site, 0)
