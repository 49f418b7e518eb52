/// What a campaign does to the platform. The raw values are the names on the command line and in reports.
enum FaultKind: String, Codable, Sendable, CaseIterable {
    case serviceKill = "service-kill"
    /// SIGSTOP for longer than two heartbeats, then SIGCONT: the process wakes up in a world that went on without it.
    case serviceFreeze = "service-freeze"
    case brokerRestart = "broker-restart"
    case brokerKill = "broker-kill"
    case brokerMemoryAlarm = "broker-memory-alarm"
    case brokerDelay = "broker-delay"
    case brokerBandwidth = "broker-bandwidth"
    case brokerBlackHole = "broker-black-hole"
    case brokerHalfOpen = "broker-half-open"
    case brokerReset = "broker-reset"
    case databaseRestart = "database-restart"
    case databaseKill = "database-kill"
    /// SIGKILL of one server process: PostgreSQL then ends all sessions and recovers.
    case databaseBackendKill = "database-backend-kill"
    case databaseDelay = "database-delay"
    case databaseBandwidth = "database-bandwidth"
    case databaseBlackHole = "database-black-hole"
    case databaseHalfOpen = "database-half-open"
    case databaseReset = "database-reset"
    case clusterKillLeader = "cluster-kill-leader"
    case clusterKillFollower = "cluster-kill-follower"
    case clusterFreezeLeader = "cluster-freeze-leader"
    case clusterFreezeFollower = "cluster-freeze-follower"

    /// Whether it needs three broker nodes; the others need a single one.
    var needsCluster: Bool {
        switch self {
        case .clusterKillLeader, .clusterKillFollower, .clusterFreezeLeader, .clusterFreezeFollower: true
        default: false
        }
    }

    /// Whether it strikes one service, each in its turn.
    var strikesService: Bool { self == .serviceKill || self == .serviceFreeze }

    /// How long it lasts, in seconds; 0 for what happens at once.
    var seconds: Int {
        switch self {
        case .serviceKill, .brokerRestart, .brokerKill, .databaseRestart, .databaseKill, .databaseBackendKill,
            .clusterKillLeader, .clusterKillFollower:
            0
        case .brokerReset, .databaseReset: 3
        case .brokerDelay, .brokerBandwidth, .databaseDelay, .databaseBandwidth: 12
        case .brokerMemoryAlarm, .databaseBlackHole, .databaseHalfOpen: 15
        // Longer than the two heartbeats of 10 s after which either side gives the other up.
        case .serviceFreeze, .brokerBlackHole, .brokerHalfOpen, .clusterFreezeLeader, .clusterFreezeFollower: 25
        }
    }

    /// How many seconds the platform gets to itself afterwards, so that the next fault meets a whole one.
    var rest: Int {
        switch self {
        case .serviceKill, .brokerDelay, .databaseDelay, .databaseReset: 8
        case .brokerRestart, .brokerKill, .databaseRestart, .databaseKill, .databaseBackendKill, .clusterKillLeader,
            .clusterKillFollower, .clusterFreezeLeader, .clusterFreezeFollower:
            25
        default: 15
        }
    }

    /// Whether recovery counts from the fault's beginning: what was killed is to be replaced, and a cluster is to do
    /// without its frozen node. For the others it counts from the fault's end.
    var recoversWhileItLasts: Bool { needsCluster || seconds == 0 }

    /// The target for the time to recover; nil where none is set.
    var target: Duration? {
        switch self {
        case .serviceKill, .clusterKillLeader, .clusterKillFollower, .clusterFreezeLeader, .clusterFreezeFollower:
            .seconds(5)
        case .brokerRestart, .brokerKill, .databaseRestart, .databaseKill, .databaseBackendKill: .seconds(15)
        default: nil
        }
    }
}
