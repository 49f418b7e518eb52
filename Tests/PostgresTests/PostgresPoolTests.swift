import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Pool", .timeLimit(.minutes(5)))
struct PostgresPoolTests {
    @Test("No more transactions run at once than there are connections, and a caller waits no longer than it wants to")
    func limitAndTimeout() async throws {
        try await withTestDatabase(configure: {
            $0.maximumConnections = 2
            $0.acquireTimeout = .milliseconds(300)
        }) { client in
            // Opened first: the machine may need longer for that than callers wait here.
            try await eventually { (try? await client.query("SELECT 1")) != nil }
            let gate = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await retrying { try await client.withTransaction { _ in gate.pass() } }
                    }
                }
                await gate.arrived()
                await gate.arrived()
                #expect(client.statistics.inUse == 2)
                #expect(client.statistics.maximum == 2)
                let error = await #expect(throws: PostgresError.self) { try await client.query("SELECT 1") }
                #expect(error?.code == .poolTimeout)
                #expect(error?.isRetriable == true)
                gate.open()
                gate.open()
                try await group.waitForAll()
            }
            #expect(client.statistics.inUse == 0)
            #expect(client.statistics.waiting == 0)
            try await expectAnswer(from: client)
        }
    }

    private func retrying(_ body: () async throws -> Void) async throws {
        while true {
            do {
                return try await body()
            } catch let error as PostgresError where error.code == .poolTimeout {
                continue
            }
        }
    }

    @Test("Who waits longest is served first")
    func order() async throws {
        try await withTestDatabase(configure: { $0.maximumConnections = 1 }) { client in
            let gate = Gate()
            let served = Journal<Int>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.withTransaction { _ in gate.pass() } }
                await gate.arrived()
                for number in 1...5 {
                    group.addTask {
                        try await client.withTransaction { _ in served.append(number) }
                    }
                    try await eventually { client.statistics.waiting == number }
                }
                gate.open()
                try await group.waitForAll()
            }
            #expect(served.entries == [1, 2, 3, 4, 5])
        }
    }

    @Test("A cancelled caller leaves the queue at once and disturbs nobody")
    func cancellation() async throws {
        try await withTestDatabase(configure: { $0.maximumConnections = 1 }) { client in
            let gate = Gate()
            async let holder: Void = client.withTransaction { _ in gate.pass() }
            await gate.arrived()
            let waiter = Task { try await client.query("SELECT 1") }
            try await eventually { client.statistics.waiting == 1 }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
            #expect(client.statistics.waiting == 0)
            let early = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                _ = try await client.query("SELECT 1")
            }
            await #expect(throws: CancellationError.self) { try await early.value }
            gate.open()
            try await holder
            try await expectAnswer(from: client)
        }
    }

    @Test("Too many callers are refused at once")
    func tooManyWaiters() async throws {
        try await withTestDatabase(configure: {
            $0.maximumConnections = 1
            $0.maximumWaiters = 1
        }) { client in
            let gate = Gate()
            async let holder: Void = client.withTransaction { _ in gate.pass() }
            await gate.arrived()
            async let waiter = client.query("SELECT 1")
            try await eventually { client.statistics.waiting == 1 }
            let error = await #expect(throws: PostgresError.self) { try await client.query("SELECT 1") }
            #expect(error?.code == .poolOverloaded)
            gate.open()
            try await holder
            _ = try await waiter
        }
    }

    @Test("A closed client refuses, and closing waits for what runs")
    func close() async throws {
        try await withTestDatabase { client in
            let gate = Gate()
            let done = Journal<String>()
            async let holder: Void = client.withTransaction { transaction in
                gate.pass()
                try transaction.query("SELECT 1")
                done.append("transaction")
            }
            await gate.arrived()
            async let closing: Void = client.close()
            try await eventually {
                do {
                    _ = try await client.query("SELECT 1")
                    return false
                } catch let error as PostgresError {
                    return error.code == .clientClosed
                }
            }
            #expect(done.entries.isEmpty)
            gate.open()
            await closing
            #expect(done.entries == ["transaction"])
            try await holder
            await client.close()
        }
    }

    @Test("Cancelling the run closes the client")
    func run() async throws {
        try await withTestDatabase { client in
            let running = Task { try await client.run() }
            try await expectAnswer(from: client)
            running.cancel()
            try await running.value
            let error = await #expect(throws: PostgresError.self) { try await client.query("SELECT 1") }
            #expect(error?.code == .clientClosed)
        }
    }

    @Test("Many callers share few connections, and every one is answered")
    func crowd() async throws {
        try await withTestDatabase(configure: { $0.maximumConnections = 4 }) { client in
            _ = try await client.query("CREATE TABLE counter (n bigint)")
            _ = try await client.query("INSERT INTO counter VALUES (0)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        if number % 2 == 0 {
                            try await client.withTransaction { _ = try $0.execute("UPDATE counter SET n = n + 1") }
                        } else {
                            _ = try await client.query("SELECT n FROM counter")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.query("SELECT n FROM counter").decodeOne(Int.self) == 200)
            let connections = try await client.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            #expect(try connections.decodeOne(Int.self) <= 4)
        }
    }
}
