import Contracts

/// An event as an organiser wants it changed.
struct EventPatch: Sendable, Equatable {
    let draft: EventDraft
    let status: EventStatus

    /// - Throws: a `validation-failed` ``Problem`` that names every wrong field.
    init(_ changes: [String: JSONValue], of event: EventDetails) throws(Problem) {
        var draft = EventDraft(event)
        var status = event.status
        var patch = FieldPatch(changes)
        patch.apply("name", to: &draft.name)
        patch.apply("slug", to: &draft.slug)
        patch.apply("description", to: &draft.description)
        patch.apply("category", to: &draft.category)
        patch.apply("event_type", to: &draft.eventType)
        patch.apply("duration_minutes", to: &draft.durationMinutes)
        patch.apply("venue_type", to: &draft.venueType)
        patch.apply("venue_name", to: &draft.venueName)
        patch.merge("venue_address", into: &draft.venueAddress)
        patch.apply("organizer_name", to: &draft.organizerName)
        patch.merge("organizer_contact", into: &draft.organizerContact)
        patch.apply("max_capacity", to: &draft.maxCapacity)
        patch.apply("min_capacity", to: &draft.minCapacity)
        patch.apply("account_id", to: &draft.accountID)
        patch.merge("settings", into: &draft.settings)
        patch.apply("status", to: &status, allowed: [.active, .paused, .archived])
        patch.finish()
        var checks = FieldChecks(patch.errors)
        draft.check(&checks)
        try checks.finish()
        self.draft = draft
        self.status = status
    }

    /// The event with the changes, except for what the database decides: slug, version and time.
    func applied(to event: EventDetails) -> EventDetails {
        var event = event
        event.name = draft.name
        event.description = draft.description
        event.category = draft.effectiveCategory
        event.eventType = draft.effectiveEventType
        event.durationMinutes = draft.durationMinutes
        event.venueType = draft.effectiveVenueType
        event.venueName = draft.venueName
        event.venueAddress = draft.venueAddress
        event.organizerName = draft.organizerName
        event.organizerContact = draft.organizerContact
        event.maxCapacity = draft.maxCapacity
        event.minCapacity = draft.effectiveMinCapacity
        event.accountID = draft.accountID
        event.settings = draft.effectiveSettings
        event.status = status
        return event
    }
}
