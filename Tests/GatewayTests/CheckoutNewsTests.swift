import Contracts
import Foundation
import Messaging
import Synchronization
import Testing

@testable import Gateway

@Suite("News of checkouts")
struct CheckoutNewsTests {
    private final class Heard: Sendable {
        let states = Mutex<[CheckoutState]>([])
    }

    private static let availability = AvailabilityLookup(calls: ScriptedServices(), moments: .system)

    private static func body(_ state: CheckoutState) throws -> [UInt8] {
        var changed = CheckoutProgressed.example
        changed.checkout.state = state
        changed.checkout.reason = #"It said "state":"paying" and "occurrence_id":"x"#
        return try MessageCodec.encode(changed)
    }

    private static func envelope(_ id: CheckoutID?) -> Envelope {
        Envelope(
            id: UUID(), type: CheckoutProgressed.name, occurredAt: .example, correlationID: id?.rawValue,
            organizationID: .example, appID: "coordinator")
    }

    @Test("Who follows hears every change, who waits hears of settled states, and nobody else makes it decode anything")
    func interests() throws {
        let watch = CheckoutWatch()
        let news = CheckoutNews(watch: watch, answers: AnswerCache(), availability: Self.availability)
        let broken = Array("{".utf8)
        try news.hear(Self.envelope(.example), broken)

        let heard = Heard()
        let waiting = watch.watch(.example, of: .example, for: .settled) { checkout in
            heard.states.withLock { $0.append(checkout.state) }
        }
        for state in CheckoutState.allCases { try news.hear(Self.envelope(.example), try Self.body(state)) }
        #expect(heard.states.withLock { $0 } == CheckoutState.allCases.filter(\.isSettled))
        #expect(throws: (any Error).self) { try news.hear(Self.envelope(.example), broken) }

        heard.states.withLock { $0 = [] }
        let following = watch.watch(.example, of: .example) { _ in }
        for state in CheckoutState.allCases { try news.hear(Self.envelope(.example), try Self.body(state)) }
        #expect(heard.states.withLock { $0 } == CheckoutState.allCases)
        watch.end(waiting)
        watch.end(following)
        try news.hear(Self.envelope(.example), broken)
    }

    @Test("A payment's states are never mistaken for the checkout's")
    func payments() {
        #expect(Set(ChargeState.allCases.map(\.rawValue)).isDisjoint(with: CheckoutState.allCases.map(\.rawValue)))
    }

    @Test("An envelope that does not say which checkout is meant is read")
    func withoutCorrelation() throws {
        let watch = CheckoutWatch()
        let heard = Heard()
        _ = watch.watch(.example, of: .example, for: .settled) { checkout in
            heard.states.withLock { $0.append(checkout.state) }
        }
        try CheckoutNews(watch: watch, answers: AnswerCache(), availability: Self.availability).hear(
            Self.envelope(nil), try Self.body(.completed))
        #expect(heard.states.withLock { $0 } == [.completed])
    }

    @Test("Places that are taken outdate what is remembered of their occurrence")
    func availability() async throws {
        let now = Mutex(ContinuousClock.now)
        let answers = AnswerCache { now.withLock { $0 } }
        let subject = AnswerCache.Subject(
            organizationID: .example, operationID: OccurrenceRoutes.availabilityOperation,
            id: OccurrenceID.example.rawValue, query: "")
        let made = Mutex(0)
        func ask() async throws -> Int {
            _ = try await answers.reply(about: subject) {
                made.withLock { $0 += 1 }
                return .noContent
            }
            return made.withLock { $0 }
        }
        #expect(try await ask() == 1)
        now.withLock { $0 += .milliseconds(300) }
        #expect(try await ask() == 1)
        try CheckoutNews(watch: CheckoutWatch(), answers: answers, availability: Self.availability).hear(
            Self.envelope(.example), try Self.body(.completed))
        #expect(try await ask() == 2)
    }
}
