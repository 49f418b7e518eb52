import Contracts

extension EventStatus {
    /// Whether an organiser may set the status from this one (seed B, EventDefinition, Lifecycle). Archived is final,
    /// and nothing becomes a draft again.
    func canBecome(_ next: EventStatus) -> Bool {
        switch (self, next) {
        case (.draft, .active), (.active, .paused), (.paused, .active): true
        case (.draft, .archived), (.active, .archived), (.paused, .archived): true
        default: self == next
        }
    }
}
