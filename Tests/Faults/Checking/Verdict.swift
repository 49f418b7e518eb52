/// What became of an operation.
enum Verdict: String, Codable, Sendable, CaseIterable {
    /// It was taken on and found its one right end.
    case settled
    /// It was taken on, and then it or something that belongs to it was lost.
    case lost
    /// It took effect more than once.
    case duplicated
    /// It ended in a way in which it must not end.
    case unexpected
    /// It was refused with a reason, as it had to be.
    case refused
    /// No answer came while the client was willing to wait: nothing was promised.
    case unanswered

    /// Whether it is a fault of the platform.
    var isViolation: Bool { self == .lost || self == .duplicated || self == .unexpected }
}
