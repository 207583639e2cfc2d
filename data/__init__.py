"""Everything stored or exchanged: models, migrations, the private cluster, road files, samples. The only I/O."""
