import Contracts
import Testing

@testable import Scanning

@Suite("Who may pass a gate")
struct AdmissionRuleTests {
    static let opensAt = Timestamp.example
    static let endsAt = opensAt + .seconds(3600)
    static let during = opensAt + .seconds(600)

    let window = AdmissionWindow(opensAt: opensAt, endsAt: endsAt, isCanceled: false)
    let fresh = TicketPresence(revision: 1, isRevoked: false, movements: 0, firstAdmittedAt: nil)
    let inside = TicketPresence(revision: 1, isRevoked: false, movements: 1, firstAdmittedAt: opensAt)
    let outsideAgain = TicketPresence(revision: 1, isRevoked: false, movements: 2, firstAdmittedAt: opensAt)

    private func decide(
        _ direction: ScanDirection, _ ticket: TicketPresence, revision: Int = 1, in window: AdmissionWindow? = nil,
        at time: Timestamp = during
    ) -> AdmissionRule.Decision {
        AdmissionRule.decide(direction, with: ticket, codeRevision: revision, in: window ?? self.window, at: time)
    }

    @Test("A ticket is let in for the first time once")
    func firstAdmission() {
        let first = decide(.in, fresh)
        #expect(first.result == .admitted)
        #expect(first.isFirstAdmission)
        #expect(first.ticket.isInside)
        #expect(first.ticket.firstAdmittedAt == Self.during)

        let second = decide(.in, first.ticket, at: Self.during + .seconds(1))
        #expect(second.result == .alreadyAdmitted)
        #expect(!second.isFirstAdmission)
        #expect(second.ticket == first.ticket)
    }

    @Test("Whoever left may come back, and stays admitted since the first time")
    func reentry() {
        let out = decide(.out, inside)
        #expect(out.result == .exited)
        #expect(!out.ticket.isInside)
        let back = decide(.in, out.ticket)
        #expect(back.result == .admitted)
        #expect(!back.isFirstAdmission)
        #expect(back.ticket.firstAdmittedAt == Self.opensAt)
    }

    @Test("Nobody leaves who is not inside")
    func notInside() {
        for ticket in [fresh, outsideAgain] {
            let decision = decide(.out, ticket)
            #expect(decision.result == .notInside)
            #expect(decision.ticket == ticket)
        }
    }

    @Test("Doors open and close on the instant")
    func doors() {
        #expect(decide(.in, fresh, at: Self.opensAt - .milliseconds(1)).result == .notOpenYet)
        #expect(decide(.in, fresh, at: Self.opensAt).result == .admitted)
        #expect(decide(.in, fresh, at: Self.endsAt).result == .admitted)
        #expect(decide(.in, fresh, at: Self.endsAt + .milliseconds(1)).result == .closed)
    }

    @Test("A canceled occurrence lets nobody in, whatever the time")
    func canceled() {
        let canceled = AdmissionWindow(opensAt: Self.opensAt, endsAt: Self.endsAt, isCanceled: true)
        for time in [Self.opensAt - .seconds(1), Self.during, Self.endsAt + .seconds(1)] {
            let decision = decide(.in, fresh, in: canceled, at: time)
            #expect(decision.result == .closed)
            #expect(decision.ticket == fresh)
        }
    }

    @Test("At a canceled occurrence a ticket's refund makes no difference to the answer")
    func canceledAndRevoked() {
        let canceled = AdmissionWindow(opensAt: Self.opensAt, endsAt: Self.endsAt, isCanceled: true)
        var revoked = fresh
        revoked.isRevoked = true
        #expect(decide(.in, revoked, in: canceled).result == .closed)
    }

    @Test("Whoever is inside may always leave", arguments: [false, true])
    func leaving(isCanceled: Bool) {
        let window = AdmissionWindow(opensAt: Self.opensAt, endsAt: Self.endsAt, isCanceled: isCanceled)
        var revoked = inside
        revoked.isRevoked = true
        for ticket in [inside, revoked] {
            #expect(decide(.out, ticket, in: window, at: Self.endsAt + .seconds(1)).result == .exited)
        }
    }

    @Test("A revoked ticket does not enter, also where the doors are closed")
    func revoked() {
        var ticket = fresh
        ticket.isRevoked = true
        #expect(decide(.in, ticket).result == .revoked)
        #expect(decide(.in, ticket, at: Self.endsAt + .seconds(1)).result == .revoked)
        #expect(decide(.out, ticket).result == .revoked)
    }

    @Test("A newer code revokes the older ones, and proves itself")
    func revisions() {
        let newer = decide(.in, fresh, revision: 2)
        #expect(newer.result == .admitted)
        #expect(newer.ticket.revision == 2)

        var reissued = fresh
        reissued.revision = 2
        let older = decide(.in, reissued, revision: 1)
        #expect(older.result == .revoked)
        #expect(older.ticket == reissued)
    }

    @Test("However often a ticket is shown, in and out alternate")
    func alternation() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var ticket = fresh
            var passed: [ScanDirection] = []
            for _ in 0..<20 {
                let direction: ScanDirection = Bool.random(using: &generator) ? .in : .out
                let decision = decide(direction, ticket)
                if decision.ticket.movements > ticket.movements { passed.append(direction) }
                ticket = decision.ticket
            }
            #expect(passed == passed.indices.map { $0 % 2 == 0 ? .in : .out })
        }
    }
}
