/// A fault that was carried out.
struct FaultRecord: Codable, Sendable {
    var kind: FaultKind
    /// Whom it struck; or why it could not be carried out.
    var target: String
    var wasCarriedOut: Bool
    /// In seconds after the load began.
    var beganAt: Double
    var endedAt: Double
    /// How many processes wanted to run when it began (the system's average of the last minute): a busy machine is slow
    /// to recover.
    var machineLoad = 0.0
    var recovery: RecoveryMeasure?
    /// Of a killed service: how long until a new process in its place served, in seconds; nil when none did.
    var servedAgainAfter: Double?

    /// Until buyers could buy again, and until what was killed served again; nil when either did not come. A checkout may
    /// slip through before a fault bites, so where the platform has to recover by itself, the longest gap counts too.
    var recoverySeconds: Double? {
        guard let recovery, var seconds = recovery.seconds else { return nil }
        if kind.recoversWhileItLasts { seconds = max(seconds, recovery.longestGap) }
        guard kind == .serviceKill else { return seconds }
        return servedAgainAfter.map { max(seconds, $0) }
    }

    /// Whether the recovery kept within the kind's target; nil where there is no target.
    var isInTime: Bool? {
        kind.target.map { target in recoverySeconds.map { .seconds($0) < target } ?? false }
    }
}
