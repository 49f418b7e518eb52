/// Waits until the condition holds; the suite's time limit ends a wait for something that never comes.
func eventually(_ condition: () async throws -> Bool) async throws {
    while try await !condition() {
        try Task.checkCancellation()
        await Task.yield()
    }
}
