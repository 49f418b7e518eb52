import Synchronization
import Testing

@testable import Notifications

@Suite("Reads that gather")
struct GatheredReadsTests {
    private struct Unreadable: Error {}

    /// Holds up the first read until it is let go.
    private actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func pass() async {
            guard !isOpen else { return }
            await withCheckedContinuation { waiting.append($0) }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    @Test("What is asked while a read runs is answered by one more read, each with its own answer")
    func gathering() async throws {
        let gate = Gate()
        let batches = Mutex<[[Int]]>([])
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let reads = GatheredReads<Int, String> { keys in
            batches.withLock { $0.append(keys.sorted()) }
            beginning.yield()
            await gate.pass()
            return Dictionary(uniqueKeysWithValues: keys.filter { $0 < 9 }.map { ($0, .success("\($0)")) })
        }
        async let first = reads.value(for: 0)
        for await _ in begun.prefix(1) {}
        let others = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
            for key in [1, 2, 2, 9] { group.addTask { (key, try await reads.value(for: key)) } }
            while await reads.waitingCount < 4 { await Task.yield() }
            await gate.open()
            return try await group.reduce(into: [Int: String?]()) { $0[$1.0] = .some($1.1) }
        }
        #expect(try await first == "0")
        #expect(others == [1: "1", 2: "2", 9: nil])
        #expect(batches.withLock { $0 } == [[0], [1, 2, 9]])
    }

    @Test("Questions that have time wait for each other, and are then answered by one read")
    func waiting() async throws {
        let gate = Gate()
        let batches = Mutex<[[Int]]>([])
        let reads = GatheredReads<Int, Int>(gather: { await gate.pass() }) { keys in
            batches.withLock { $0.append(keys.sorted()) }
            return Dictionary(uniqueKeysWithValues: keys.map { ($0, .success($0)) })
        }
        let answers = try await withThrowingTaskGroup(of: Int?.self) { group in
            for key in 0..<3 { group.addTask { try await reads.value(for: key) } }
            while await reads.waitingCount < 3 { await Task.yield() }
            await gate.open()
            return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
        }
        #expect(answers == [0, 1, 2])
        #expect(batches.withLock { $0 } == [[0, 1, 2]])
    }

    @Test("A bad answer harms no other, and a read that fails can be asked again")
    func failures() async throws {
        let isAway = Mutex(true)
        let reads = GatheredReads<Int, String> { keys in
            if isAway.withLock({ $0 }) { throw Unreadable() }
            return Dictionary(
                uniqueKeysWithValues: keys.map { ($0, $0 == 7 ? .failure(Unreadable()) : .success("\($0)")) })
        }
        await #expect(throws: Unreadable.self) { try await reads.value(for: 1) }
        isAway.withLock { $0 = false }
        await #expect(throws: Unreadable.self) { try await reads.value(for: 7) }
        #expect(try await reads.value(for: 1) == "1")
    }
}
