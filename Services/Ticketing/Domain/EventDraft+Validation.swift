import Contracts

extension EventDraft {
    /// Places beyond this are no event that tickets are sold for.
    static let maximumCapacity = 10_000_000

    var effectiveCategory: EventCategory { category ?? .other }
    var effectiveEventType: EventType { eventType ?? .oneTime }
    var effectiveVenueType: VenueType { venueType ?? .offProperty }
    var effectiveMinCapacity: Int { minCapacity ?? 1 }
    var effectiveSettings: JSONValue { settings ?? .object([:]) }

    /// What is wrong with the draft.
    func check(_ checks: inout FieldChecks) {
        checks.text(name, "name", length: 1...200)
        if let slug {
            checks.require(
                EventSlug.isValid(slug), "slug",
                "must be lower-case letters and digits in groups joined by single hyphens, "
                    + "at most \(EventSlug.maximumLength) characters")
        }
        checks.text(description, "description", length: 0...10_000, allowsLineBreaks: true)
        checks.integer(durationMinutes, "duration_minutes", in: 1...525_600)
        checks.text(venueName, "venue_name", length: 1...200)
        checks.object(venueAddress, "venue_address")
        checks.text(organizerName, "organizer_name", length: 1...200)
        checks.object(organizerContact, "organizer_contact")
        checks.integer(maxCapacity, "max_capacity", in: 1...Self.maximumCapacity)
        checks.integer(minCapacity, "min_capacity", in: 1...Self.maximumCapacity)
        if let maxCapacity {
            checks.require(effectiveMinCapacity <= maxCapacity, "min_capacity", "must not be more than max_capacity")
        }
        checks.object(settings, "settings")
        EventSettings.check(settings, &checks)
    }

    /// What an organiser would have said to get this event.
    init(_ details: EventDetails) {
        self.init(
            name: details.name, slug: details.slug, description: details.description, category: details.category,
            eventType: details.eventType, durationMinutes: details.durationMinutes, venueType: details.venueType,
            venueName: details.venueName, venueAddress: details.venueAddress, organizerName: details.organizerName,
            organizerContact: details.organizerContact, maxCapacity: details.maxCapacity,
            minCapacity: details.minCapacity, accountID: details.accountID, settings: details.settings)
    }
}
