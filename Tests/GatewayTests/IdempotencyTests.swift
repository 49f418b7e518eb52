import Contracts
import Foundation
import Messaging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("Doing together what is asked for at the same time")
struct BatcherTests {
    @Test("What arrives while a batch is under way goes together into the next one, and each gets its own answer")
    func batches() async throws {
        let sizes = Mutex<[Int]>([])
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (beginning, begun) = AsyncStream<Void>.makeStream()
        let batcher = Batcher<Int, Int>(limit: 100, concurrency: 1) { inputs in
            let isFirst = sizes.withLock { sizes in
                sizes.append(inputs.count)
                return sizes.count == 1
            }
            if isFirst {
                begun.yield()
                for await _ in gate { break }
            }
            return inputs.map { $0 * 2 }
        }
        let outputs = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            group.addTask { (0, try await batcher.submit(0)) }
            for await _ in beginning { break }
            for input in 1...20 { group.addTask { (input, try await batcher.submit(input)) } }
            while await batcher.waitingCount < 20 { await Task.yield() }
            opener.yield()
            return try await group.reduce(into: [Int: Int]()) { $0[$1.0] = $1.1 }
        }
        #expect(outputs == Dictionary(uniqueKeysWithValues: (0...20).map { ($0, $0 * 2) }))
        #expect(sizes.withLock { $0 } == [1, 20])
    }

    @Test("One bad input fails alone")
    func isolation() async throws {
        struct Bad: Error {}
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (beginning, begun) = AsyncStream<Void>.makeStream()
        let batcher = Batcher<Int, Int>(limit: 100, concurrency: 1) { inputs in
            if inputs == [0] {
                begun.yield()
                for await _ in gate { break }
            }
            if inputs.contains(13) { throw Bad() }
            return inputs
        }
        let failed = await withTaskGroup(of: Int?.self) { group in
            group.addTask { (try? await batcher.submit(0)) == nil ? 0 : nil }
            for await _ in beginning { break }
            for input in [12, 13, 14] { group.addTask { (try? await batcher.submit(input)) == nil ? input : nil } }
            while await batcher.waitingCount < 3 { await Task.yield() }
            opener.yield()
            return await group.reduce(into: [Int]()) { if let input = $1 { $0.append(input) } }
        }
        #expect(failed == [13])
    }
}

@Suite("Kept answers are sealed")
struct ReplySealTests {
    private let claim = IdempotencyClaim(
        organizationID: .example, key: IdempotentRequestSample.key("a"), id: UUID(), resourceID: UUID())
    private let request = IdempotentRequestSample.request("a")

    @Test("What was sealed opens again, and does not show what it holds")
    func roundTrip() throws {
        let seal = ReplySeal(platformKey: "a key")
        let sealed = try seal.seal(Array("whsec_secret".utf8), for: claim)
        #expect(Data(sealed).range(of: Data("whsec".utf8)) == nil)
        #expect(try seal.open(sealed, of: request) == Array("whsec_secret".utf8))
    }

    @Test("It opens under no other platform key, in no other place, and not after a change")
    func broken() throws {
        let seal = ReplySeal(platformKey: "a key")
        var sealed = try seal.seal([1, 2, 3], for: claim)
        #expect(throws: ReplySeal.Broken.self) { try ReplySeal(platformKey: "another").open(sealed, of: request) }
        #expect(throws: ReplySeal.Broken.self) { try seal.open(sealed, of: IdempotentRequestSample.request("b")) }
        sealed[20] ^= 1
        #expect(throws: ReplySeal.Broken.self) { try seal.open(sealed, of: request) }
    }
}

@Suite("The table of idempotency keys")
struct IdempotencyStoreTests {
    private let now = Timestamp.example

    private func attempt(_ key: String, body: UInt8 = 0) -> IdempotencyStore.Attempt {
        let request = IdempotentRequestSample.request(key, body: body)
        return .init(
            request: request,
            claim: IdempotencyClaim(
                organizationID: request.organizationID, key: request.key, id: UUID(), resourceID: UUID()))
    }

    private func run(
        _ database: ServiceDatabase, _ work: @Sendable (IdempotencyStore) throws -> [IdempotencyVerdict]
    ) async throws -> [IdempotencyVerdict] {
        try await database.client.withTransaction(scope: database.serviceScope) { transaction in
            try work(IdempotencyStore(transaction: transaction))
        }
    }

    private func expect(
        _ attempt: IdempotencyStore.Attempt, at time: Timestamp, _ database: ServiceDatabase,
        _ expected: IdempotencyVerdict, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let verdicts = try await run(database) { try $0.claim([attempt], at: time) }
        #expect(verdicts == [expected], sourceLocation: location)
    }

    @Test("The first attempt is granted, a second one meets it in progress, and another request meets a used key")
    func claims() async throws {
        try await ServiceDatabase.with(.gateway, migrations: gatewayMigrations) { database in
            let first = attempt("a")
            try await expect(first, at: now, database, .granted(first.claim))
            let second = attempt("a")
            try await expect(second, at: now + .seconds(1), database, .inProgress)
            let other = attempt("a", body: 1)
            try await expect(other, at: now + .seconds(1), database, .reused)
        }
    }

    @Test("In one batch, one of several attempts with the same key is granted")
    func sameBatch() async throws {
        try await ServiceDatabase.with(.gateway, migrations: gatewayMigrations) { database in
            let attempts = [attempt("b"), attempt("a"), attempt("a"), attempt("a", body: 1)]
            let verdicts = try await run(database) { try $0.claim(attempts, at: now) }
            #expect(verdicts[0] == .granted(attempts[0].claim))
            let granted = verdicts[1...].filter { if case .granted = $0 { true } else { false } }
            #expect(granted.count == 1)
        }
    }

    @Test("A finished request gives its answer to repetitions")
    func finished() async throws {
        try await ServiceDatabase.with(.gateway, migrations: gatewayMigrations) { database in
            let first = attempt("a")
            _ = try await run(database) {
                _ = try $0.claim([first], at: now)
                try $0.finish([.init(claim: first.claim, status: 201, sealedReply: [7])])
                return []
            }
            let again = attempt("a")
            try await expect(again, at: now, database, .finished(sealedReply: [7]))
        }
    }

    @Test("A released key is granted again at once, with the resource id of the first time")
    func released() async throws {
        try await ServiceDatabase.with(.gateway, migrations: gatewayMigrations) { database in
            let first = attempt("a")
            _ = try await run(database) {
                _ = try $0.claim([first], at: now)
                try $0.release(first.claim)
                return []
            }
            let again = [attempt("a"), attempt("a")]
            let verdicts = try await run(database) { try $0.claim(again, at: now) }
            guard case .granted(let claim) = verdicts[0] else {
                Issue.record("\(verdicts)")
                return
            }
            #expect(claim.resourceID == first.claim.resourceID)
            #expect(claim.id == again[0].claim.id)
            #expect(verdicts[1] == .inProgress)
        }
    }

    @Test("The claim of a gateway that died runs out, and what it would still say is not kept")
    func takeover() async throws {
        try await ServiceDatabase.with(.gateway, migrations: gatewayMigrations) { database in
            let dead = attempt("a")
            _ = try await run(database) { try $0.claim([dead], at: now) }
            let early = attempt("a")
            let before = now + IdempotencyClaim.duration - .milliseconds(1)
            try await expect(early, at: before, database, .inProgress)
            let heir = attempt("a")
            let after = now + IdempotencyClaim.duration
            let verdicts = try await run(database) { try $0.claim([heir], at: after) }
            guard case .granted(let claim) = verdicts.first else {
                Issue.record("\(verdicts)")
                return
            }
            #expect(claim.resourceID == dead.claim.resourceID)
            _ = try await run(database) {
                try $0.finish([.init(claim: dead.claim, status: 201, sealedReply: [1])])
                try $0.finish([.init(claim: claim, status: 200, sealedReply: [2])])
                try $0.finish([.init(claim: claim, status: 200, sealedReply: [3])])
                try $0.release(claim)
                return []
            }
            let late = attempt("a")
            try await expect(late, at: after, database, .finished(sealedReply: [2]))
        }
    }

    @Test("Keys are forgotten by age")
    func retention() async throws {
        try await ServiceDatabase.with(.gateway, migrations: gatewayMigrations) { database in
            let (old, young) = (attempt("old"), attempt("young"))
            try await database.client.withTransaction(scope: database.serviceScope) { transaction in
                _ = try IdempotencyStore(transaction: transaction).claim([old], at: now)
                _ = try IdempotencyStore(transaction: transaction).claim([young], at: now + .seconds(2))
            }
            _ = try await database.run(IdempotencyRetention(), at: now + .seconds(7 * 86_400 + 1))
            let keys = try await database.client.query("SELECT key FROM idempotency_keys").decode(String.self)
            #expect(keys == ["young"])
        }
    }
}

/// Requests for the tests of this file.
enum IdempotentRequestSample {
    static func key(_ text: String) -> IdempotencyKey {
        do {
            return try IdempotencyKey(headerValue: text)
        } catch {
            preconditionFailure("\(text) is no idempotency key")
        }
    }

    static func request(_ key: String, body: UInt8 = 0) -> IdempotentRequest {
        IdempotentRequest(
            organizationID: .example, key: self.key(key), method: "POST", path: "/v1/events",
            bodyHash: Array(repeating: body, count: 32))
    }
}
