import Testing

/// Everything here runs against the built executables, one test after the other: they measure, wait and kill.
@Suite("End to end", .serialized, .enabled(if: Installation.isRunning, Installation.whyNot), .timeLimit(.minutes(15)))
struct EndToEndTests {}
