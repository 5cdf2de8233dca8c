"""Past one machine: the shards of an archive, each read by itself, on the processes of this machine or on an engine.

The unit of work is `shard.process_shard`; engines only carry it to where it runs, and no type of theirs comes in here.
"""
