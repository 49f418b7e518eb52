/// What came of one check.
struct CheckOutcome: Sendable {
    let check: InvariantCheck
    /// The findings, or why it could not be made.
    let result: Result<[String], OperatorError>

    /// How many promises are broken; a warning breaks none.
    var failures: Int {
        switch result {
        case .success(let details): check.severity == .violation ? details.count : 0
        case .failure: 1
        }
    }

    /// One line on the whole.
    var summary: String {
        switch result {
        case .success(let details) where details.isEmpty: "ok   \(check.invariant) \(check.name)"
        case .success where check.severity == .warning: "warn \(check.invariant) \(check.name)"
        case .success: "FAIL \(check.invariant) \(check.name)"
        case .failure: "???? \(check.invariant) \(check.name)"
        }
    }

    /// A line for each finding.
    var lines: [String] {
        switch result {
        case .success(let details):
            details.map {
                "\(check.severity == .violation ? "VIOLATION" : "WARNING") \(check.invariant) \(check.name): \($0)"
            }
        case .failure(let error): ["UNCHECKED \(check.invariant) \(check.name): \(error)"]
        }
    }
}
