import Contracts

extension OccurrenceStatus {
    /// The statuses in which something can still change: the others are final.
    static let live: [OccurrenceStatus] = [.scheduled, .confirmed, .inProgress]

    /// What the status is once the minimum has been sold (seed B, EventDefinition.min_capacity).
    func confirmed(sold: Int, minCapacity: Int) -> OccurrenceStatus {
        self == .scheduled && sold >= minCapacity ? .confirmed : self
    }

    /// What the status is by the clock alone: in progress from the start, completed from the end.
    func progressed(startAt: Timestamp, endAt: Timestamp, at now: Timestamp) -> OccurrenceStatus {
        switch self {
        case .completed, .canceled: self
        case .scheduled, .confirmed, .inProgress:
            if now >= endAt { .completed } else if now >= startAt { .inProgress } else { self }
        }
    }
}
