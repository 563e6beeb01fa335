#pragma once

namespace hardscape::cli {

// Lets the heap grow in large pages where the system has them; elsewhere nothing happens. Call once, before other threads.
// A run lives for some milliseconds, and touching its 4 MB of records for the first time, a small page at a time, was a
// third of that (bench/README.md, cost_time.py).
void grow_heap_in_large_pages();

}  // namespace hardscape::cli
