/// One fault of a schedule.
struct PlannedFault: Codable, Sendable, Equatable, CustomStringConvertible {
    /// Seconds after the load began.
    var at: Int
    var kind: FaultKind
    /// The service that is struck; nil where the kind says what is.
    var service: String?
    /// Which of several processes is struck: this number, modulo how many there are.
    var choice: Int

    var endsAt: Int { at + kind.seconds }

    var description: String {
        "\(at) s: \(kind.rawValue)" + (service.map { " \($0)" } ?? "")
            + (kind.seconds > 0 ? " for \(kind.seconds) s" : "")
    }
}
