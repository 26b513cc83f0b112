"""Feast answers the questions of a file from one of its offline stores and writes Parquet; the last line says what it took.

    feast_peer.py prepare FOLDER
    feast_peer.py duckdb|dask FOLDER ANSWERS THREADS MOST_GIB

Ends with 3 where MOST_GIB are too few. It is run in a folder of its own, where it leaves what it writes beside the answers.
"""

import time

BEGAN = time.perf_counter()

import json
import os
import resource
import sys
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

TIME = "event_timestamp"
TIMESTAMP = pa.timestamp("ms", tz="UTC")
GIB = 1 << 30
OUT_OF_MEMORY = 3
ROW_GROUP = 1 << 20


def prepare(folder):
    """Gives events and questions the times and names that Feast wants. None of it counts, and it is done once."""
    # Feast takes what happened at the very time of a question, too, so an event is one millisecond later than ours.
    convert(folder, "events", 1, {"id": "event", "customer": "customer", "amount": "amount"})
    convert(folder, "questions", 0, {"id": "id", "customer": "customer"})


def convert(folder, name, later, columns):
    file = feast_file(folder, name)
    if os.path.exists(file):
        return
    source = pq.ParquetFile(os.path.join(folder, name + ".parquet"))
    schema = pa.schema([(new, pa.int64()) for new in columns.values()] + [(TIME, TIMESTAMP)])
    with pq.ParquetWriter(file + ".unfinished", schema, compression="zstd") as target:
        for rows in source.iter_batches(batch_size=ROW_GROUP):
            times = pc.add(rows["moment"], later).cast(TIMESTAMP)
            target.write_batch(pa.RecordBatch.from_arrays([rows[old] for old in columns] + [times], schema=schema))
    os.replace(file + ".unfinished", file)


def feast_file(folder, name):
    return os.path.join(folder, "feast-" + name + ".parquet")


def retrieve(kind, folder, answers, threads, most):
    # What is too much fails here, instead of having the system end somebody else's process.
    resource.setrlimit(resource.RLIMIT_DATA, (most * GIB, most * GIB))
    from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig
    from feast.infra.offline_stores.file_source import SavedDatasetFileStorage
    from feast.types import Int64
    from feast.value_type import ValueType

    bound(kind, threads, most)
    customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.INT64)
    spending = FeatureView(
        name="spending",
        entities=[customer],
        ttl=timedelta(0),  # However old the last row is.
        schema=[Field(name=name, dtype=Int64) for name in ("customer", "amount", "event")],
        source=FileSource(path=feast_file(folder, "events"), timestamp_field=TIME),
    )
    store = FeatureStore(
        config=RepoConfig(
            project="benchmark",
            registry=os.path.abspath("registry.db"),
            provider="local",
            offline_store={"type": kind},
            online_store=None,
            entity_key_serialization_version=3,
        )
    )
    store.apply([customer, spending])
    questions = pq.read_table(feast_file(folder, "questions")).to_pandas()
    ready = time.perf_counter() - BEGAN
    store.get_historical_features(
        entity_df=questions, features=["spending:amount", "spending:event"]
    ).persist(SavedDatasetFileStorage(path=answers), allow_overwrite=True)
    tell(ready)


def bound(kind, threads, most):
    if kind == "duckdb":
        import ibis

        database = ibis.get_backend().con
        database.execute(f"SET threads = {threads}")
        # Short of the limit, so that it goes to disk instead of failing.
        database.execute(f"SET memory_limit = '{most * 3 // 4}GiB'")
        database.execute("SET preserve_insertion_order = false")
    else:
        import dask

        dask.config.set(scheduler="threads", num_workers=threads)


def tell(ready):
    took = {
        "seconds": time.perf_counter() - BEGAN,
        "cpuSeconds": time.process_time(),
        "mostMiB": most_mib(),
        "reached": {"ready": ready},
    }
    print("took " + json.dumps(took))


def most_mib():
    if not os.path.exists("/proc/self/status"):
        return 0
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2])
    else:
        try:
            retrieve(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
        except Exception as failure:
            # Of NumPy and Arrow, and of DuckDB, which is not imported for the other store.
            if isinstance(failure, MemoryError) or type(failure).__name__ == "OutOfMemoryException":
                print(failure)
                sys.exit(OUT_OF_MEMORY)
            raise
