import Contracts
import Foundation
import Testing

@testable import Gateway

@Suite("Rate limit of one key")
struct TokenBucketTests {
    @Test("As many requests as the limit pass at once, and the next one does not")
    func burst() {
        var bucket = TokenBucket(requestsPerSecond: 3, at: .zero)
        let decisions = (0..<4).map { _ in bucket.take(at: .zero, requestsPerSecond: 3) }
        #expect(decisions.map(\.isAllowed) == [true, true, true, false])
        #expect(decisions.map(\.remaining) == [2, 1, 0, 0])
        #expect(decisions[3].resetSeconds == 1)
    }

    @Test("Requests become possible again in the rhythm of the limit, and never more than the limit at once")
    func refill() {
        var bucket = TokenBucket(requestsPerSecond: 2, at: .zero)
        for _ in 0..<2 { _ = bucket.take(at: .zero, requestsPerSecond: 2) }
        #expect(!bucket.take(at: .milliseconds(499), requestsPerSecond: 2).isAllowed)
        #expect(bucket.take(at: .milliseconds(500), requestsPerSecond: 2).isAllowed)
        #expect(!bucket.take(at: .milliseconds(501), requestsPerSecond: 2).isAllowed)
        let later = (0..<3).map { _ in bucket.take(at: .seconds(100), requestsPerSecond: 2).isAllowed }
        #expect(later == [true, true, false])
    }

    @Test("A clock that seems to go back gives nothing away and takes nothing")
    func backwards() {
        var bucket = TokenBucket(requestsPerSecond: 1, at: .seconds(10))
        #expect(bucket.take(at: .seconds(10), requestsPerSecond: 1).isAllowed)
        #expect(!bucket.take(at: .seconds(5), requestsPerSecond: 1).isAllowed)
    }

    @Test("A changed limit takes effect with the next request")
    func changed() {
        var bucket = TokenBucket(requestsPerSecond: 100, at: .zero)
        let decision = bucket.take(at: .zero, requestsPerSecond: 2)
        #expect(decision.limit == 2)
        #expect(decision.remaining == 1)
    }
}

@Suite("Idempotency-Key header")
struct IdempotencyKeyTests {
    @Test(
        "A structured-field string and the bare text are the same key",
        arguments: [
            ("\"8e03978e-40d5\"", "8e03978e-40d5"), ("8e03978e-40d5", "8e03978e-40d5"), ("  a key  ", "a key"),
            ("\"a \\\"quoted\\\" \\\\ key\"", "a \"quoted\" \\ key"),
        ])
    func readable(value: String, key: String) throws {
        #expect(try IdempotencyKey(headerValue: value).text == key)
    }

    @Test(
        "What is no usable key is refused as missing",
        arguments: [
            "", "   ", "\"\"", "\"open", "\"bad \\escape\"", "\"after\" it", "caf\u{E9}", "tab\tin it",
            String(repeating: "x", count: 256), "\"",
        ])
    func unusable(value: String) {
        let problem = #expect(throws: Problem.self) { try IdempotencyKey(headerValue: value) }
        #expect(problem?.slug == .idempotencyKeyRequired)
    }

    @Test("The longest key is taken")
    func longest() throws {
        #expect(try IdempotencyKey(headerValue: String(repeating: "x", count: 255)).text.utf8.count == 255)
    }
}

@Suite("Prefer header")
struct PreferenceTests {
    @Test(
        "wait is found among other preferences, limited, and ignored when malformed",
        arguments: [
            (["wait=10"], 10), (["respond-async, wait=5"], 5), (["respond-async", "Wait = 7; x=y"], 7),
            (["wait=\"3\""], 3), (["wait=3, wait=9"], 3), (["wait=31"], 30), (["wait=99999999999999999999"], 30),
            (["wait=0"], 0), (["wait"], nil), (["wait=-1"], nil), (["wait=soon"], nil), ([], nil), (["waiting=3"], nil),
        ] as [([String], Int?)])
    func wait(values: [String], seconds: Int?) {
        #expect(Preference(headerValues: values).waitSeconds == seconds)
    }
}

@Suite("Ids for further objects of one request")
struct DerivedIDTests {
    private let resource = UUID(uuid: (1, 0x92, 0xF0, 0xC1, 0, 0, 0x7A, 1, 0x8B, 2, 3, 4, 5, 6, 7, 8))

    @Test("A derived id is the same every time, differs by purpose, and is a UUID of version 7 of the same time")
    func derived() {
        let order = resource.derived(for: "order")
        #expect(order == resource.derived(for: "order"))
        #expect(order != resource.derived(for: "charge"))
        #expect(order != resource)
        let bytes = withUnsafeBytes(of: order.uuid) { Array($0) }
        #expect(bytes[6] >> 4 == 7)
        #expect(bytes[8] >> 6 == 2)
        #expect(Array(bytes[0..<6]) == withUnsafeBytes(of: resource.uuid) { Array($0[0..<6]) })
    }

    @Test("Different resources do not get the same id")
    func distinct() {
        let ids = (0..<10_000).map { _ in UUID().derived(for: "order") }
        #expect(Set(ids).count == ids.count)
    }
}

@Suite("Kinds of problems")
struct ProblemKindTests {
    @Test("The statuses are those that the API promises")
    func statuses() {
        let expected: [Problem.Slug: Int] = [
            .unauthenticated: 401, .forbidden: 403, .organizationInactive: 403, .notFound: 404,
            .methodNotAllowed: 405, .conflict: 409, .soldOut: 409, .holdExpired: 409, .alreadyRefunded: 409,
            .refundNotAllowed: 409, .ticketTypeRequired: 409, .salesClosed: 409, .requestInProgress: 409,
            .payloadTooLarge: 413, .unsupportedMediaType: 415, .validationFailed: 422, .idempotencyKeyRequired: 400,
            .idempotencyKeyReused: 422, .refundExceedsPayment: 422, .rateLimited: 429, .unavailable: 503,
            .internalError: 500,
        ]
        #expect(Set(expected.keys) == Set(Problem.Slug.allCases))
        for slug in Problem.Slug.allCases { #expect(slug.status == expected[slug], "\(slug)") }
    }

    @Test("Every title is its own, and the type ends in the slug")
    func titles() {
        #expect(Set(Problem.Slug.allCases.map(\.title)).count == Problem.Slug.allCases.count)
        for slug in Problem.Slug.allCases {
            #expect(slug.typeURI == "https://voelgoed.events/problems/\(slug.rawValue)")
        }
    }
}
