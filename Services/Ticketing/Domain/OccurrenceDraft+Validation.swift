import Contracts
import Foundation

extension OccurrenceDraft {
    var effectiveAdmissionOpensAt: Timestamp { admissionOpensAt ?? startAt }
    var effectiveSettings: JSONValue { settings ?? .object([:]) }

    /// What is wrong with the draft.
    func check(_ checks: inout FieldChecks) {
        checks.time(startAt, "start_at")
        checks.time(endAt, "end_at")
        checks.require(endAt > startAt, "end_at", "must be after start_at")
        checks.require(
            Self.isZone(timezone), "timezone", "must be a time zone of the IANA database, such as Africa/Johannesburg")
        checks.text(occurrenceName, "occurrence_name", length: 1...200)
        checks.integer(capacityOverride, "capacity_override", in: 1...EventDraft.maximumCapacity)
        checks.time(admissionOpensAt, "admission_opens_at")
        checks.require(effectiveAdmissionOpensAt < endAt, "admission_opens_at", "must be before end_at")
        checks.object(settings, "settings")
        EventSettings.check(settings, &checks)
    }

    /// Foundation also takes abbreviations and offsets, which do not say when summer time begins.
    private static func isZone(_ identifier: String) -> Bool {
        guard identifier.contains("/") || identifier == "UTC" else { return false }
        return TimeZone(identifier: identifier) != nil
    }
}
