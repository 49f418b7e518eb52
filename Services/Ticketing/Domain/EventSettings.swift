import Contracts

/// What this service reads in the settings of an event (seed B, EventDefinition.settings). All other keys are the
/// organiser's own.
struct EventSettings: Sendable, Equatable {
    /// A year: what is decided earlier than that is decided at once.
    static let allowedHours = 0...8760

    let refundPolicy: RefundPolicy
    /// Nil when the organiser has set none: then nothing is canceled by itself.
    let cancellationCutoffHours: Int?

    /// The settings of an event, with those of an occurrence over them key by key. What is not of the kind that
    /// ``check(_:_:)`` demands counts as absent.
    init(_ event: JSONValue, occurrence: JSONValue = .object([:])) {
        func setting(_ read: (JSONValue) -> JSONValue?) -> JSONValue? { read(occurrence) ?? read(event) }
        refundPolicy = RefundPolicy(
            isAllowed: setting { $0[Key.refundPolicy]?[Key.allowed] }?.boolean ?? true,
            cutoffHours: setting { $0[Key.refundPolicy]?[Key.cutoffHours] }?.hours)
        cancellationCutoffHours = setting { $0[Key.cancellationCutoffHours] }?.hours
    }

    /// Until when an organiser may cancel an occurrence that starts then. After its start nobody can.
    func lastCancellation(startAt: Timestamp) -> Timestamp {
        startAt - .hours(cancellationCutoffHours ?? 0)
    }

    /// When the event's minimum must be sold, or else the occurrence is canceled by itself; nil for never. A cutoff that has
    /// passed when it is set does not count: who adds a date for tomorrow does not want it canceled today.
    func minimumDueAt(startAt: Timestamp, setAt now: Timestamp) -> Timestamp? {
        let dueAt = cancellationCutoffHours.map { startAt - .hours($0) }
        return dueAt.flatMap { $0 > now ? $0 : nil }
    }

    /// Names what is wrong with the settings that this service reads.
    static func check(_ settings: JSONValue?, _ checks: inout FieldChecks) {
        let hours = "must be a whole number of hours from \(allowedHours.lowerBound) to \(allowedHours.upperBound)"
        if let policy = settings?[Key.refundPolicy] {
            let path = "settings.\(Key.refundPolicy)"
            checks.require(policy.isObject, path, "must be a JSON object of \(Key.allowed) and \(Key.cutoffHours)")
            if let allowed = policy[Key.allowed] {
                checks.require(allowed.boolean != nil, "\(path).\(Key.allowed)", "must be true or false")
            }
            if let cutoff = policy[Key.cutoffHours] {
                checks.require(cutoff.hours != nil, "\(path).\(Key.cutoffHours)", hours)
            }
        }
        if let cutoff = settings?[Key.cancellationCutoffHours] {
            checks.require(cutoff.hours != nil, "settings.\(Key.cancellationCutoffHours)", hours)
        }
    }

    private enum Key {
        static let refundPolicy = "refund_policy"
        static let allowed = "allowed"
        static let cutoffHours = "cutoff_hours"
        static let cancellationCutoffHours = "cancellation_cutoff_hours"
    }
}

extension JSONValue {
    fileprivate var isObject: Bool {
        if case .object = self { true } else { false }
    }

    fileprivate var boolean: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// A number of hours that a setting may have.
    fileprivate var hours: Int? {
        let hours: Int? =
            switch self {
            case .integer(let number): number
            case .number(let number): Int(exactly: number)
            default: nil
            }
        return hours.flatMap { EventSettings.allowedHours.contains($0) ? $0 : nil }
    }
}

extension Duration {
    static func hours(_ hours: Int) -> Duration { .seconds(hours * 3600) }
}
