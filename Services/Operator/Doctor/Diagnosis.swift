/// What was found out about one part of an installation.
struct Diagnosis: Sendable, Equatable, CustomStringConvertible {
    /// The part and where it is.
    let part: String
    let isHealthy: Bool
    let finding: String

    var description: String { "\(isHealthy ? "ok   " : "FAIL ") \(part): \(finding)" }
}
