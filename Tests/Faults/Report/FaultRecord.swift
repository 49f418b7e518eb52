/// A fault that was carried out.
struct FaultRecord: Codable, Sendable {
    var kind: FaultKind
    /// Whom it struck; or why it could not be carried out.
    var target: String
    var wasCarriedOut: Bool
    /// In seconds after the load began.
    var beganAt: Double
    var endedAt: Double
    var recovery: RecoveryMeasure?

    /// Whether the recovery kept within the kind's target; nil where there is no target.
    var isInTime: Bool? {
        kind.target.map { target in recovery?.seconds.map { .seconds($0) < target } ?? false }
    }
}
