"""Everything stored or exchanged: models, migrations, private cluster, road files, samples. The only I/O."""
