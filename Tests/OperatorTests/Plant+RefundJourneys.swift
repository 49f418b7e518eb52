@testable import Operator

/// What must not be in the Coordinator of refunds and cancellations, and what nobody may be silent about.
extension Plant {
    static let refundSagas = [
        Plant(
            "a refund's row and history say what its saga says", naming: "its saga is completed at version 9",
            [.coordinator: ["UPDATE refunds SET saga = jsonb_set(saga, '{version}', '9') WHERE id = \(Row.refund)"]]),
        Plant(
            "a refund's row and history say what its saga says", naming: "with 1 lines to requested",
            [.coordinator: ["DELETE FROM refund_history WHERE refund_id = \(Row.refund) AND sequence = 2"]]),
        Plant(
            "every refund that waits has a timer", naming: Row.pendingRefund,
            [.coordinator: ["DELETE FROM refund_timers"]]),
        Plant(
            "every refund that waits has a timer", naming: "\(Row.failedRefund) is failed",
            [
                .coordinator: [
                    "UPDATE refunds SET saga = saga - 'isAbandoned' WHERE id = \(Row.failedRefund)"
                ]
            ]),
        Plant(
            "refunds, their orders and their money agree", naming: "\(Row.refund) of 25000",
            [.coordinator: end(Row.refund, "failed", at: Row.lately)]),
        Plant(
            "refunds, their orders and their money agree", naming: "is refused",
            [.coordinator: end(Row.failedRefund, "refused", at: Row.lately)]),
        Plant(
            "every refund of an order has its saga", naming: Row.failedRefund,
            [
                .coordinator: [
                    "DELETE FROM refund_history WHERE refund_id = \(Row.failedRefund)",
                    "DELETE FROM refunds WHERE id = \(Row.failedRefund)",
                ]
            ]),
        Plant(
            "no refund waits for an answer that was given", naming: "\(Row.pendingRefund) is completing",
            [.coordinator: end(Row.pendingRefund, "completing", at: Row.longAgo)]),
        Plant(
            "no money waits for its refund", naming: "refund \(Row.pendingRefund)",
            [
                .coordinator: [
                    """
                    UPDATE refunds SET saga = jsonb_set(saga, '{updatedAt}', to_jsonb(now() - interval '61 minutes'))
                    WHERE id = \(Row.pendingRefund)
                    """
                ]
            ]),
        Plant(
            "no timer is overdue", naming: "refund \(Row.pendingRefund)",
            [.coordinator: ["UPDATE refund_timers SET due_at = now() - interval '6 minutes'"]]),
        Plant(
            "no saga heard what cannot be", naming: "refund \(Row.refund) was completed",
            [
                .coordinator: [
                    """
                    UPDATE refund_history SET outcome = 'unexpected' WHERE refund_id = \(Row.refund) AND sequence = 2
                    """
                ]
            ]),
    ]

    static let cancellations = [
        Plant(
            "a cancellation's row and history say what its saga says", naming: "with 9 lines",
            [.coordinator: ["UPDATE cancellations SET saga = jsonb_set(saga, '{historyLength}', '9')"]]),
        Plant(
            "every cancellation under way has a timer", naming: "\(Row.canceledOccurrence) is refunding",
            [.coordinator: end(cancellation: "refunding")]),
        Plant(
            "a completed cancellation has refunded every order", naming: Row.soldCheckout,
            [
                .coordinator: [
                    "UPDATE checkouts SET occurrence_id = \(Row.canceledOccurrence) WHERE id = \(Row.soldCheckout)"
                ]
            ]),
        Plant(
            "a canceled occurrence sells nothing any more", naming: Row.undoneTicket,
            [.ticketing: ["UPDATE tickets SET confirmed_at = now() WHERE id = \(Row.undoneTicket)"]]),
        Plant(
            "every canceled occurrence has its cancellation, and the other way round",
            naming: "\(Row.canceledOccurrence) is canceled without one",
            [.coordinator: ["DELETE FROM cancellation_history", "DELETE FROM cancellations"]]),
        Plant(
            "every canceled occurrence has its cancellation, and the other way round",
            naming: "\(Row.otherOccurrence) is for an occurrence that is not canceled",
            [
                .coordinator: [
                    """
                    INSERT INTO cancellations
                    SELECT \(Row.otherOccurrence), organization_id, state,
                        jsonb_set(saga, '{occurrenceID}', to_jsonb(\(Row.otherOccurrence)::text)), created_at, updated_at
                    FROM cancellations
                    """,
                    """
                    INSERT INTO cancellation_history
                    SELECT \(Row.otherOccurrence), sequence, organization_id, at, state, message, outcome, facts
                    FROM cancellation_history
                    """,
                ]
            ]),
        Plant(
            "a completed cancellation has left no valid ticket", naming: "\(Row.waitingTicket) of occurrence",
            [
                .ticketing: [
                    "UPDATE orders SET event_occurrence_id = \(Row.canceledOccurrence) WHERE id = \(Row.waitingOrder)",
                    "UPDATE tickets SET event_occurrence_id = \(Row.canceledOccurrence) WHERE id = \(Row.waitingTicket)",
                    "UPDATE inventory_pools SET reserved = reserved - 1 WHERE occurrence_id = \(Row.occurrence)",
                    "UPDATE inventory_pools SET reserved = reserved + 1 WHERE occurrence_id = \(Row.canceledOccurrence)",
                ]
            ]),
    ]

    static let incidents = [
        Plant(
            "what cannot be mended by itself has an incident", naming: "no incident charge_undecided",
            [
                .coordinator: [
                    """
                    UPDATE checkouts SET saga = jsonb_set(saga, '{incident}', '"charge_undecided"')
                    WHERE id = \(Row.payingCheckout)
                    """
                ]
            ]),
        Plant(
            "what cannot be mended by itself has an incident", naming: "no incident charge_undecided",
            [
                .coordinator: [
                    """
                    UPDATE checkouts SET saga = jsonb_set(saga, '{expiresAt}', to_jsonb(now() - interval '31 minutes'))
                    WHERE id = \(Row.payingCheckout)
                    """
                ]
            ]),
        Plant(
            "what cannot be mended by itself has an incident", naming: "no incident refund_failed",
            [
                .coordinator: [
                    """
                    UPDATE checkouts SET saga = jsonb_set(saga, '{charges,0,refund}', '"failed"')
                    WHERE id = \(Row.uselessCheckout)
                    """
                ]
            ]),
        Plant(
            "what cannot be mended by itself has an incident", naming: "refund \(Row.failedRefund) is failed",
            [
                .coordinator: [
                    "UPDATE refunds SET cause = 'occurrence_canceled' WHERE id = \(Row.failedRefund)"
                ]
            ]),
        Plant(
            "what cannot be mended by itself has an incident", naming: "no incident refund_undecided",
            [
                .coordinator: [
                    "UPDATE refunds SET created_at = now() - interval '4 days' WHERE id = \(Row.pendingRefund)"
                ]
            ]),
        Plant(
            "what cannot be mended by itself has an incident", naming: "no incident answer_overdue",
            [
                .coordinator: end(Row.pendingRefund, "completing", at: "now()") + [
                    "UPDATE refunds SET saga = jsonb_set(saga, '{reminders}', '5') WHERE id = \(Row.pendingRefund)"
                ]
            ]),
        Plant(
            "what cannot be mended by itself has an incident", naming: "no incident cancellation_incomplete",
            [.coordinator: end(cancellation: "incomplete")]),
        Plant(
            "no incident is open", naming: "The provider sleeps.",
            [.coordinator: [incident(Row.id(0x1F1), of: Row.organization)]]),
    ]

    static func incident(_ id: String, of organization: String, resolvedAt: String = "NULL") -> String {
        """
        INSERT INTO incidents (id, organization_id, saga, saga_id, kind, detail, raised_at, resolved_at)
        VALUES (\(id), \(organization), 'refund', \(Row.pendingRefund), 'refund_undecided', 'The provider sleeps.',
            \(Row.lately), \(resolvedAt))
        """
    }

    private static func end(_ refund: String, _ state: String, at time: String) -> [String] {
        [
            """
            UPDATE refunds SET state = '\(state)', updated_at = \(time),
                saga = saga || jsonb_build_object('state', '\(state)', 'updatedAt', \(time), 'isAbandoned', true)
            WHERE id = \(refund)
            """,
            "UPDATE refund_history SET state = '\(state)' WHERE refund_id = \(refund) AND sequence = 2",
        ]
    }

    private static func end(cancellation state: String) -> [String] {
        [
            "UPDATE cancellations SET state = '\(state)', saga = jsonb_set(saga, '{state}', '\"\(state)\"')",
            "UPDATE cancellation_history SET state = '\(state)' WHERE sequence = 2",
        ]
    }
}
