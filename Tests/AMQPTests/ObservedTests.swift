import Testing

@testable import AMQP

@Suite("Observed value")
struct ObservedTests {
    @Test("A waiting task goes on when its condition is met, and not before")
    func condition() async throws {
        let value = Observed(0)
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await value.wait { $0 >= 3 }
                return value.value
            }
            for _ in 0..<3 {
                value.update { $0 += 1 }
                await Task.yield()
            }
            let seen = try await group.next()
            #expect(seen == 3)
        }
    }

    @Test("A wait ends with its timeout, and says whether the condition was met")
    func timeout() async throws {
        let value = Observed(false)
        let isMet = try await value.wait(timeout: .milliseconds(5)) { $0 }
        #expect(!isMet)
        value.update { $0 = true }
        let isMetNow = try await value.wait(timeout: .zero) { $0 }
        #expect(isMetNow)
    }

    @Test("Cancelling ends a wait, whether it has begun or not", arguments: 0..<20)
    func cancellation(round: Int) async {
        let value = Observed(false)
        // Unstructured, because a child task cannot be cancelled alone; it is awaited below.
        let task = Task { try await value.wait { $0 } }
        for _ in 0..<round {
            await Task.yield()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
