import Contracts
import Foundation
import Messaging
import Synchronization
import Testing

@testable import Gateway

@Suite("API keys")
struct APIKeySecretTests {
    @Test("A key has its form, its visible part and 256 bits, and no two are alike")
    func form() throws {
        let keys = (0..<1000).map { _ in APIKeySecret.make(at: MomentSource.system.moment()) }
        for key in keys {
            #expect(try #/vge_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}/#.wholeMatch(in: key.text) != nil, "\(key.text)")
            #expect(APIKeySecret.prefix(of: key.text) == key.prefix)
        }
        #expect(Set(keys.map(\.text)).count == keys.count)
        #expect(Set(keys.map(\.hash)).count == keys.count)
    }

    @Test(
        "What has not the form of a key has no prefix",
        arguments: [
            "", "vge_", "vge_wrongkey_nonsense", String(repeating: "x", count: 56),
            "VGE_Ab3dE6gH_" + String(repeating: "0", count: 43),
        ])
    func malformed(text: String) {
        #expect(APIKeySecret.prefix(of: text) == nil)
    }

    @Test("Hashes are equal only when every byte is")
    func equality() {
        let hash = APIKeySecret.hash("a")
        #expect(APIKeySecret.areEqual(hash, hash))
        var other = hash
        other[31] ^= 1
        #expect(!APIKeySecret.areEqual(hash, other))
        #expect(!APIKeySecret.areEqual(hash, Array(hash.dropLast())))
    }

    @Test("A key works until it expires, and not after it was revoked")
    func validity() {
        func record(expiresAt: Timestamp? = nil, revokedAt: Timestamp? = nil) -> APIKeyRecord {
            APIKeyRecord(
                id: .example, organizationID: .example, organizationStatus: .active, name: "", hash: [], scopes: [],
                requestsPerSecond: 1, expiresAt: expiresAt, revokedAt: revokedAt)
        }
        #expect(record().isValid(at: .example))
        #expect(record(expiresAt: .example + .milliseconds(1)).isValid(at: .example))
        #expect(!record(expiresAt: .example).isValid(at: .example))
        #expect(!record(revokedAt: .example).isValid(at: .example))
    }
}

@Suite("What a caller may do")
struct CallerTests {
    private func caller(_ scopes: Set<Scope>, status: OrganizationStatus = .active) -> Caller {
        Caller(
            actor: .example, keyID: .example, tenant: .init(organizationID: .example, status: status), scopes: scopes,
            requestsPerSecond: 1)
    }

    private func refusal(_ caller: Caller, _ access: EndpointAccess) -> Problem.Slug? {
        do {
            try caller.authorize(for: access)
            return nil
        } catch {
            return error.slug
        }
    }

    @Test("A key does what its scopes say and nothing of the platform's")
    func scopes() {
        #expect(refusal(caller([.eventsRead]), .scope(.eventsRead)) == nil)
        #expect(refusal(caller([.eventsRead]), .scope(.eventsWrite)) == .forbidden)
        #expect(refusal(caller(Set(Scope.allCases)), .platform) == .forbidden)
    }

    @Test("The platform key does the platform's work and nothing inside of organisations")
    func platform() {
        #expect(refusal(.platform, .platform) == nil)
        for scope in Scope.allCases { #expect(refusal(.platform, .scope(scope)) == .forbidden) }
    }

    @Test("An organisation that is not active does nothing", arguments: [OrganizationStatus.suspended, .closed])
    func inactive(status: OrganizationStatus) {
        #expect(refusal(caller([.eventsRead], status: status), .scope(.eventsRead)) == .organizationInactive)
    }
}

@Suite("Values remembered for a limited time")
struct TimedCacheTests {
    private final class Source: Sendable {
        let now = Mutex(ContinuousClock.now)
        let loads = Mutex(0)

        func advance(_ duration: Duration) { now.withLock { $0 += duration } }

        func load() -> Int {
            loads.withLock { loads in
                loads += 1
                return loads
            }
        }

        func cache(capacity: Int = 100) -> TimedCache<String, Int> {
            TimedCache(maximumAge: .seconds(1), capacity: capacity) { [self] in now.withLock { $0 } }
        }
    }

    @Test("A value is loaded once and given out until it is too old")
    func ages() async throws {
        let source = Source()
        let cache = source.cache()
        #expect(try await cache.value(for: "a") { source.load() } == 1)
        source.advance(.milliseconds(400))
        #expect(try await cache.value(for: "a") { source.load() } == 1)
        source.advance(.milliseconds(601))
        #expect(try await cache.value(for: "a") { source.load() } == 2)
    }

    @Test("Beyond half of its age a value is renewed in the background while it is still given out")
    func renewal() async throws {
        let source = Source()
        let cache = source.cache()
        _ = try await cache.value(for: "a") { source.load() }
        source.advance(.milliseconds(501))
        #expect(try await cache.value(for: "a") { source.load() } == 1)
        var value = 1
        for _ in 0..<100_000 where value == 1 {
            await Task.yield()
            value = try await cache.value(for: "a") { source.load() }
        }
        #expect(value == 2)
    }

    @Test("Those who ask at the same time share one load")
    func sharedLoad() async throws {
        let source = Source()
        let cache = source.cache()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (beginning, begun) = AsyncStream<Void>.makeStream()
        async let first = cache.find("a") {
            begun.yield()
            for await _ in gate { break }
            return source.load()
        }
        for await _ in beginning { break }
        async let second = cache.find("a") { source.load() }
        opener.yield()
        #expect(try await first.isFresh)
        #expect(try await !second.isFresh)
        #expect(try await second.value == 1)
        #expect(source.loads.withLock { $0 } == 1)
    }

    @Test("What is forgotten is loaded again, and what was being loaded meanwhile is not remembered")
    func forgetting() async throws {
        let source = Source()
        let cache = source.cache()
        _ = try await cache.value(for: "a") { source.load() }
        cache.forget { key, _ in key == "a" }
        #expect(try await cache.value(for: "a") { source.load() } == 2)
        let overtaken = try await cache.value(for: "b") {
            cache.forget { _, _ in false }
            return source.load()
        }
        #expect(overtaken == 3)
        #expect(try await cache.value(for: "b") { source.load() } == 4)
    }

    @Test("What is outdated is believed for a shorter time, also when it was being loaded")
    func outdating() async throws {
        let source = Source()
        let cache = TimedCache<String, Int>(
            maximumAge: .seconds(1), outdatedAge: .milliseconds(250), capacity: 10
        ) { source.now.withLock { $0 } }
        _ = try await cache.value(for: "a") { source.load() }
        cache.outdate("a")
        #expect(try await cache.value(for: "a") { source.load() } == 1)
        source.advance(.milliseconds(251))
        let second = try await cache.value(for: "a") {
            cache.outdate("a")
            return source.load()
        }
        #expect(second == 2)
        source.advance(.milliseconds(251))
        #expect(try await cache.value(for: "a") { source.load() } == 3)
        source.advance(.milliseconds(400))
        #expect(try await cache.value(for: "a") { source.load() } == 3)
        cache.outdate("a")
        #expect(try await cache.value(for: "a") { source.load() } == 4)
        cache.outdate("nothing")
    }

    @Test("Where that is wanted, an outdated value is given to others while whoever asked first waits for a newer one")
    func servedWhileRenewed() async throws {
        let source = Source()
        let cache = TimedCache<String, Int>(
            maximumAge: .seconds(1), outdatedAge: .milliseconds(250), isServedWhileRenewed: true, capacity: 10
        ) { source.now.withLock { $0 } }
        _ = try await cache.value(for: "a") { source.load() }
        cache.outdate("a")
        source.advance(.milliseconds(300))
        #expect(cache.peek("a") == nil)
        let renewed = try await cache.value(for: "a") {
            #expect(cache.peek("a") == 1)
            let given = try await cache.value(for: "a") { source.load() }
            #expect(given == 1)
            source.advance(.milliseconds(701))
            #expect(cache.peek("a") == nil, "it is older than anything may be")
            return source.load()
        }
        #expect(renewed == 2)
    }

    @Test("While a change may be under way nothing that is loaded is believed, and then again")
    func doubting() async throws {
        let source = Source()
        let cache = source.cache()
        func ask() async throws -> Int {
            source.advance(.milliseconds(1))
            return try await cache.value(for: "a") { source.load() }
        }
        #expect(try await ask() == 1)
        cache.outdate("a", for: .seconds(2)) { $0 == 7 }
        #expect(try await ask() == 1)
        cache.outdate("a", for: .seconds(2))
        #expect(try await ask() == 2)
        #expect(try await ask() == 3)
        source.advance(.seconds(2))
        #expect(try await ask() == 4)
        #expect(try await ask() == 4)
    }

    @Test("A failed load is given to its askers and tried again by the next one")
    func failure() async throws {
        struct Failure: Error {}
        let source = Source()
        let cache = source.cache()
        await #expect(throws: Failure.self) { try await cache.value(for: "a") { throw Failure() } }
        #expect(try await cache.value(for: "a") { source.load() } == 1)
    }

    @Test("Beyond its capacity the oldest values go")
    func capacity() async throws {
        let source = Source()
        let cache = source.cache(capacity: 2)
        for key in ["a", "b", "c"] {
            _ = try await cache.value(for: key) { source.load() }
            source.advance(.milliseconds(1))
        }
        #expect(try await cache.find("c") { source.load() }.isFresh == false)
        #expect(try await cache.find("a") { source.load() }.isFresh)
    }
}
