"""The shipped tasks, one file each: ``TASK = Task(...)``. Being in this folder registers a task."""
