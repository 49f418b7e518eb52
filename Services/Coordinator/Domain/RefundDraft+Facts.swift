import Contracts

extension RefundDraft {
    /// What the history keeps of a refund's start.
    func facts(of orderID: OrderID, cause: RefundCause) -> JSONValue {
        var facts: [String: JSONValue] = [
            "order_id": .string(orderID.description), "cause": .string(cause.rawValue), "reason": .string(reason),
        ]
        facts["ticket_ids"] = ticketIDs.map { .array($0.map { .string($0.description) }) }
        facts["amount_cents"] = amountCents.map { .integer($0) }
        facts["overrides_policy"] = overridesPolicy.map { .bool($0) }
        return .object(facts)
    }
}
