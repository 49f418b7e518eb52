import Contracts

/// A ticket type as an organiser wants it changed.
struct TicketTypePatch: Sendable, Equatable {
    let draft: TicketTypeDraft
    let isDisabled: Bool

    /// - Throws: a `validation-failed` ``Problem`` that names every wrong field.
    init(_ changes: [String: JSONValue], of type: TicketTypeDetails) throws(Problem) {
        var draft = TicketTypeDraft(type)
        var status = type.status == .disabled ? TicketTypeStatus.disabled : .active
        var patch = FieldPatch(changes)
        patch.apply("name", to: &draft.name)
        patch.apply("description", to: &draft.description)
        patch.apply("tier", to: &draft.tier)
        patch.apply("price_cents", to: &draft.priceCents)
        patch.apply("currency", to: &draft.currency)
        patch.apply("quantity_available", to: &draft.quantityAvailable)
        patch.apply("valid_from", to: &draft.validFrom)
        patch.apply("valid_until", to: &draft.validUntil)
        patch.apply("min_quantity", to: &draft.minQuantity)
        patch.apply("max_quantity", to: &draft.maxQuantity)
        patch.merge("settings", into: &draft.settings)
        patch.apply("status", to: &status, allowed: [.active, .disabled])
        patch.finish()
        var checks = FieldChecks(patch.errors)
        draft.check(&checks)
        try checks.finish()
        self.draft = draft
        isDisabled = status == .disabled
    }

    /// The ticket type with the changes, except for what the database decides: status by stock, version and time.
    func applied(to type: TicketTypeDetails) -> TicketTypeDetails {
        var type = type
        type.name = draft.name
        type.description = draft.description
        type.tier = draft.effectiveTier
        type.priceCents = draft.priceCents
        type.currency = draft.effectiveCurrency
        type.quantityAvailable = draft.quantityAvailable
        type.validFrom = draft.validFrom
        type.validUntil = draft.validUntil
        type.minQuantity = draft.effectiveMinQuantity
        type.maxQuantity = draft.effectiveMaxQuantity
        type.settings = draft.effectiveSettings
        return type
    }
}
