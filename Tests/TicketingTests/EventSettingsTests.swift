import Contracts
import Testing

@testable import Ticketing

@Suite("The settings of events that this service reads")
struct EventSettingsTests {
    private func fields(_ settings: JSONValue) -> [String] {
        var checks = FieldChecks()
        EventDraft(name: "A", settings: settings).check(&checks)
        return checks.errors.map(\.field)
    }

    private func policy(_ members: [String: JSONValue]) -> JSONValue { .object(["refund_policy": .object(members)]) }

    @Test("Right settings are right, and other keys stay the organiser's own")
    func right() {
        let right: [JSONValue] = [
            .object([:]), .object(["colour": .string("red"), "refunds": .null]), policy([:]),
            policy(["allowed": .bool(false), "cutoff_hours": .integer(0), "note": .string("ask us")]),
            policy(["cutoff_hours": .integer(8760)]), policy(["cutoff_hours": .number(24)]),
            .object(["cancellation_cutoff_hours": .integer(0)]), .object(["cancellation_cutoff_hours": .integer(8760)]),
        ]
        for settings in right { #expect(fields(settings).isEmpty) }
    }

    @Test("Each wrong field is named by its path, all of them at once")
    func wrong() {
        #expect(fields(.object(["refund_policy": .bool(true)])) == ["settings.refund_policy"])
        #expect(fields(.object(["refund_policy": .null])) == ["settings.refund_policy"])
        #expect(fields(policy(["allowed": .string("yes")])) == ["settings.refund_policy.allowed"])
        for cutoff: JSONValue in [.integer(-1), .integer(8761), .number(1.5), .string("24"), .null, .bool(true)] {
            #expect(fields(policy(["cutoff_hours": cutoff])) == ["settings.refund_policy.cutoff_hours"])
            let cancellation = JSONValue.object(["cancellation_cutoff_hours": cutoff])
            #expect(fields(cancellation) == ["settings.cancellation_cutoff_hours"])
        }
        let all = JSONValue.object([
            "refund_policy": .object(["allowed": .integer(1), "cutoff_hours": .integer(-1)]),
            "cancellation_cutoff_hours": .integer(9000),
        ])
        #expect(
            fields(all) == [
                "settings.refund_policy.allowed", "settings.refund_policy.cutoff_hours",
                "settings.cancellation_cutoff_hours",
            ])
    }

    @Test("What is wrong says which values are allowed")
    func messages() {
        var checks = FieldChecks()
        EventSettings.check(.object(["cancellation_cutoff_hours": .integer(-1)]), &checks)
        #expect(checks.errors.map(\.message) == ["must be a whole number of hours from 0 to 8760"])
    }

    @Test("Occurrences and changes of events are held to the same")
    func elsewhere() {
        var checks = FieldChecks()
        OccurrenceDraft(
            startAt: .example, endAt: .example + .seconds(1), timezone: "UTC",
            settings: .object(["cancellation_cutoff_hours": .integer(-1)])
        ).check(&checks)
        #expect(checks.errors.map(\.field) == ["settings.cancellation_cutoff_hours"])
        let changes: JSONValue = policy(["cutoff_hours": .string("soon")])
        let problem = #expect(throws: Problem.self) {
            try EventPatch(["settings": changes], of: .example)
        }
        #expect(problem?.errors?.map(\.field) == ["settings.refund_policy.cutoff_hours"])
    }

    @Test("Nothing set means that refunds are always granted and nothing is canceled by itself")
    func defaults() {
        let settings = EventSettings(.object([:]))
        #expect(settings.refundPolicy == RefundPolicy(isAllowed: true, cutoffHours: nil))
        #expect(settings.minimumDueAt(startAt: .example, setAt: .example - .seconds(172_800)) == nil)
        #expect(settings.lastCancellation(startAt: .example) == .example)
    }

    @Test("An occurrence overrides its event key by key")
    func overriding() {
        let event = JSONValue.object([
            "refund_policy": .object(["allowed": .bool(false), "cutoff_hours": .integer(48)]),
            "cancellation_cutoff_hours": .integer(24),
        ])
        let one = EventSettings(event, occurrence: policy(["allowed": .bool(true)]))
        #expect(one.refundPolicy == RefundPolicy(isAllowed: true, cutoffHours: 48))
        #expect(one.minimumDueAt(startAt: .example, setAt: .example - .seconds(172_800)) == .example - .seconds(86_400))
        let other = EventSettings(event, occurrence: .object(["cancellation_cutoff_hours": .integer(0)]))
        #expect(other.refundPolicy == RefundPolicy(isAllowed: false, cutoffHours: 48))
        #expect(other.lastCancellation(startAt: .example) == .example)
    }

    @Test("A cutoff that has passed when it is set cancels nothing")
    func lateCutoff() {
        let settings = EventSettings(.object(["cancellation_cutoff_hours": .integer(24)]))
        let due = Timestamp.example - .seconds(86_400)
        #expect(settings.minimumDueAt(startAt: .example, setAt: due - .milliseconds(1)) == due)
        #expect(settings.minimumDueAt(startAt: .example, setAt: due) == nil)
    }

    @Test("An organiser cancels until the cutoff, and never after the start or the end")
    func canceling() {
        var occurrence = OccurrenceDetails.example
        occurrence.status = .confirmed
        let start = occurrence.startAt
        let settings = EventSettings(.object(["cancellation_cutoff_hours": .integer(2)]))
        #expect(occurrence.objectionToCanceling(settings, at: start - .seconds(7200)) == nil)
        #expect(occurrence.objectionToCanceling(settings, at: start - .milliseconds(7_199_999)) != nil)
        let none = EventSettings(.object([:]))
        #expect(occurrence.objectionToCanceling(none, at: start - .milliseconds(1)) == nil)
        #expect(occurrence.objectionToCanceling(none, at: start) != nil)
        occurrence.status = .inProgress
        #expect(occurrence.objectionToCanceling(none, at: start - .seconds(1)) != nil)
    }

    @Test("The reason that too few tickets were sold is a sentence")
    func reasons() {
        #expect(CancellationCause.minimumNotMetReason(minCapacity: 10) == "Fewer than 10 tickets were sold.")
        #expect(CancellationCause.minimumNotMetReason(minCapacity: 1) == "No tickets were sold.")
    }
}
