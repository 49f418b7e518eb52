import Contracts

extension TicketTypeDraft {
    /// A hundred tickets of this price still fit into the integers that JSON can carry exactly.
    static let maximumPriceCents = 1_000_000_000_000

    var effectiveTier: TicketTier { tier ?? .general }
    var effectiveCurrency: Currency { currency ?? .usd }
    var effectiveMinQuantity: Int { minQuantity ?? 1 }
    /// Ten, or the fewest when that is more.
    var effectiveMaxQuantity: Int { maxQuantity ?? max(10, effectiveMinQuantity) }
    var effectiveSettings: JSONValue { settings ?? .object([:]) }

    /// What is wrong with the draft.
    func check(_ checks: inout FieldChecks) {
        checks.text(name, "name", length: 1...200)
        checks.text(description, "description", length: 0...10_000, allowsLineBreaks: true)
        checks.integer(priceCents, "price_cents", in: 0...Self.maximumPriceCents)
        checks.integer(quantityAvailable, "quantity_available", in: 0...EventDraft.maximumCapacity)
        checks.time(validFrom, "valid_from")
        checks.time(validUntil, "valid_until")
        if let validFrom, let validUntil {
            checks.require(validFrom < validUntil, "valid_until", "must be after valid_from")
        }
        checks.integer(minQuantity, "min_quantity", in: 1...HoldPlan.maximumTickets)
        checks.integer(maxQuantity, "max_quantity", in: 1...HoldPlan.maximumTickets)
        checks.require(
            effectiveMinQuantity <= effectiveMaxQuantity, "max_quantity", "must not be less than min_quantity")
        checks.object(settings, "settings")
    }

    /// What an organiser would have said to get this ticket type.
    init(_ details: TicketTypeDetails) {
        self.init(
            name: details.name, description: details.description, tier: details.tier, priceCents: details.priceCents,
            currency: details.currency, quantityAvailable: details.quantityAvailable, validFrom: details.validFrom,
            validUntil: details.validUntil, minQuantity: details.minQuantity, maxQuantity: details.maxQuantity,
            settings: details.settings)
    }
}
