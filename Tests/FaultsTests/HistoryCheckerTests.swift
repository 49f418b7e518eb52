import Testing

@testable import Faults

@Suite("The judgement of a history")
struct HistoryCheckerTests {
    private func checkout(
        _ change: (inout OperationRecord) -> Void = { _ in }, audit: (inout AuditRecord) -> Void = { _ in }
    ) -> OperationRecord {
        var record = OperationRecord(
            id: 1, kind: .checkout, token: "tok_ok", quantity: 2, priceCents: 100, intendedAt: 0)
        record.isAccepted = true
        record.ids = ["c", "c"]
        record.states = ["completed"]
        record.orderID = "o"
        var found = AuditRecord(
            state: "completed", orderStatus: "completed", orderTotalCents: 200, ticketIDs: ["a", "b"],
            capturedCents: [200])
        audit(&found)
        record.audit = found
        change(&record)
        return record
    }

    private func visit(_ scans: [(Bool, [String])]) -> OperationRecord {
        var record = OperationRecord(id: 2, kind: .visit, intendedAt: 0)
        record.isAccepted = true
        record.scans = scans.enumerated().map { ScanRecord(id: "\($0)", isIn: $1.0, results: $1.1) }
        return record
    }

    private func refund(_ state: String?, cents: Int = 50, order: String = "o") -> OperationRecord {
        var record = OperationRecord(id: 3, kind: .refund, intendedAt: 0, orderID: order, refundCents: cents)
        record.isAccepted = true
        record.ids = ["r"]
        record.audit = AuditRecord(state: state)
        return record
    }

    private func verdict(_ record: OperationRecord, among others: [OperationRecord] = []) -> Verdict {
        HistoryChecker(others + [record]).judge(record).verdict
    }

    @Test("A paid checkout with its tickets, charged once, is settled")
    func settled() {
        #expect(verdict(checkout()) == .settled)
    }

    @Test("A checkout that was taken on and is not known, or never ends, is lost")
    func lost() {
        #expect(verdict(checkout { $0.audit = nil }) == .lost)
        #expect(verdict(checkout { $0.audit?.state = nil }) == .lost)
        for state in ["holding", "paying", "confirming", "refunding"] {
            #expect(
                verdict(
                    checkout {
                        $0.audit?.state = state; $0.states = []
                    }) == .lost, "\(state)")
        }
    }

    @Test("Missing tickets and missing money are lost")
    func missing() {
        #expect(verdict(checkout { $0.audit?.ticketIDs = ["a"] }) == .lost)
        #expect(verdict(checkout { $0.audit?.capturedCents = [] }) == .lost)
    }

    @Test("Money that was taken for a checkout that bought nothing is lost, unless it was given back")
    func keptMoney() {
        let expired = checkout {
            $0.states = ["expired"]; $0.audit?.state = "expired"; $0.token = "tok_declined"
        }
        #expect(verdict(expired) == .lost)
        var refunded = expired
        refunded.audit?.givenBackCents = [200]
        #expect(verdict(refunded) == .settled)
    }

    @Test("One key with two ids, two charges, or too many tickets are duplicates")
    func duplicated() {
        #expect(verdict(checkout { $0.ids = ["c", "d"] }) == .duplicated)
        #expect(verdict(checkout { $0.audit?.capturedCents = [200, 200] }) == .duplicated)
        #expect(verdict(checkout { $0.audit?.ticketIDs = ["a", "b", "c"] }) == .duplicated)
        #expect(verdict(checkout { $0.audit?.ticketIDs = ["a", "a"] }) == .duplicated)
    }

    @Test("A second charge that was given back is no duplicate")
    func secondChargeGivenBack() {
        let record = checkout {
            $0.audit?.capturedCents = [200, 200]; $0.audit?.givenBackCents = [200]
        }
        #expect(verdict(record) == .settled)
    }

    @Test("A state that was shown and taken back is unexpected")
    func takenBack() {
        #expect(verdict(checkout { $0.states = ["sold_out", "completed"] }) == .unexpected)
        #expect(verdict(checkout { $0.states = ["awaiting_payment", "completed"] }) == .settled)
    }

    @Test("A payment that succeeds must complete, one that is declined must not")
    func rightEnd() {
        let unpaid: (inout OperationRecord) -> Void = {
            $0.states = ["awaiting_payment"]
            $0.audit?.state = "awaiting_payment"
            $0.audit?.capturedCents = []
        }
        #expect(verdict(checkout(unpaid)) == .unexpected)
        #expect(
            verdict(
                checkout {
                    unpaid(&$0); $0.token = "tok_declined"
                }) == .settled)
        #expect(verdict(checkout { $0.token = "tok_declined" }) == .unexpected)
    }

    @Test("A canceled checkout must stay canceled")
    func canceled() {
        let canceled = checkout {
            $0.kind = .cancel
            $0.token = nil
            $0.states = ["awaiting_payment", "canceled"]
            $0.audit?.state = "canceled"
            $0.audit?.capturedCents = []
        }
        #expect(verdict(canceled) == .settled)
        var expired = canceled
        expired.states = ["awaiting_payment"]
        expired.audit?.state = "expired"
        #expect(verdict(expired) == .unexpected)
    }

    @Test("Refusals and silence promise nothing, but only where they are due")
    func refusals() {
        let refused = checkout {
            $0.isAccepted = false; $0.ids = []; $0.refusal = "sales-closed"; $0.audit = nil
        }
        #expect(verdict(refused) == .unexpected)
        var late = refused
        late.isForCanceledOccurrence = true
        #expect(verdict(late) == .refused)
        #expect(
            verdict(
                checkout {
                    $0.isAccepted = false; $0.ids = []; $0.audit = nil
                }) == .unanswered)
    }

    @Test("A refund that completes gives back its money, once")
    func refunds() {
        let order = checkout {
            $0.audit?.orderRefundedCents = 50; $0.audit?.givenBackCents = [50]
        }
        #expect(verdict(order, among: [refund("completed")]) == .settled)
        #expect(verdict(order) == .duplicated, "given back without an order")
        #expect(verdict(checkout(), among: [refund("completed")]) == .lost)
        let twice = checkout {
            $0.audit?.orderRefundedCents = 50; $0.audit?.givenBackCents = [50, 50]
        }
        #expect(verdict(twice, among: [refund("completed")]) == .lost)
        #expect(verdict(refund("completed")) == .settled)
        #expect(verdict(refund("refunding")) == .lost)
        #expect(verdict(refund("failed")) == .unexpected)
        #expect(verdict(refund(nil)) == .lost)
    }

    @Test("Of a canceled occurrence every order is given back as a whole")
    func canceledOccurrence() {
        let sold = checkout { $0.isForCanceledOccurrence = true }
        #expect(verdict(sold) == .lost)
        var refunded = sold
        refunded.audit?.orderRefundedCents = 200
        refunded.audit?.givenBackCents = [200]
        #expect(verdict(refunded) == .settled)
    }

    @Test(
        "The cancellation itself must come to its end with every order refunded",
        arguments: [
            ("completed", 3, Verdict.settled), ("completed", 2, .lost), ("refunding", 2, .lost),
            ("incomplete", 3, .unexpected),
        ])
    func cancellation(state: String, refunded: Int, expected: Verdict) {
        var record = OperationRecord(id: 4, kind: .cancellation, intendedAt: 0)
        record.isAccepted = true
        record.ids = ["o"]
        record.audit = AuditRecord(state: state, ordersTotal: 3, ordersRefunded: refunded)
        #expect(verdict(record) == expected)
    }

    @Test("A visit is settled when every scan is answered as its order demands")
    func visits() {
        let whole = visit([
            (true, ["admitted", "admitted"]), (true, ["already_admitted"]), (false, ["exited"]), (true, ["admitted"]),
        ])
        #expect(verdict(whole) == .settled)
    }

    @Test("Two admissions without an exit between are a duplicate")
    func admittedTwice() {
        #expect(verdict(visit([(true, ["admitted"]), (true, ["admitted"])])) == .duplicated)
        #expect(
            verdict(visit([(true, ["admitted"]), (false, ["exited"]), (true, ["admitted"])])) == .settled)
    }

    @Test("One scan with two answers is unexpected, as is one that makes no sense")
    func strangeScans() {
        #expect(verdict(visit([(true, ["admitted", "already_admitted"])])) == .unexpected)
        #expect(verdict(visit([(true, ["unknown_code"])])) == .unexpected)
        #expect(verdict(visit([(true, ["admitted"]), (false, ["not_inside"])])) == .unexpected)
    }

    @Test("A scan without an answer may have taken effect or not")
    func silentScan() {
        for last in ["admitted", "already_admitted"] {
            #expect(verdict(visit([(true, []), (true, [last])])) == .settled, "\(last)")
        }
        #expect(verdict(visit([(true, [])])) == .unanswered)
    }
}
