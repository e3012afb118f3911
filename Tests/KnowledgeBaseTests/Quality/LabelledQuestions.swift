/// Questions to the documents, with what answers them: 2 answers the question, 1 helps. A line each: what it takes | question | key=grade ...
///
/// What it takes, as far as one can tell beforehand: `w` a word or number of the answer, in some inflection; `p` other words for it, of which
/// few or none are in the answer; `s` misspelt, run together or taken apart, so that pieces of words are all there is.

enum LabelledQuestions {
    struct Question: Sendable {
        let kind: String
        let text: String
        let grades: [String: Int]
    }

    static let all: [Question] = lines.split(separator: "\n").map { line in
        let parts = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
        let grades = parts[2].map { $0.split(separator: "=").map(String.init) }
        return Question(
            kind: parts[0][0], text: parts[1].joined(separator: " "),
            grades: Dictionary(uniqueKeysWithValues: grades.map { ($0[0], Int($0[1]) ?? 0) }))
    }

    private static let lines = """
        w | EDIFACT | business/edi=2
        w | error E17 | kitchen/espresso=2
        w | Retry-After 429 | api/ratelimits=2
        w | what does pgBackRest do | ops/backups=2
        w | HMAC signature of webhooks | api/webhooks=2
        w | refunding a part of an order | refunds/partial=2 op/createRefund=2 refunds/policy=1
        w | how long does a refund take until the bank has it | refunds/status=2 refunds/policy=1
        w | total_cents | table/orders=2 table/order_items=2
        w | tracking_number of a parcel | table/shipments=2 shipping/tracking=1
        w | paying customs for parcels from abroad | shipping/international=2
        w | is the Idempotency-Key needed after a timeout | api/idempotency=2
        w | renewing an expired certificate with certbot | ops/certificates=2
        w | which cookies need consent | privacy/cookies=2
        w | vouchers and spaces in the code | vouchers/use=2 vouchers/gift=1
        w | cancelling an order | op/cancelOrder=2
        w | test card numbers | api/sandbox=2
        w | GDPR | privacy/export=2 account/close=1
        w | warehouse stock of an article | op/getStock=2 table/stock_movements=1
        w | invoice reminders | payment/invoice=2
        w | sesame | kitchen/allergens=2
        w | recovery codes | account/twofactor=2
        w | battery capacity | warranty/battery=2
        w | severity one incident | ops/oncall=2
        w | electric vehicle | stores/parking=2
        p | I can't remember my login secret | account/password=2
        p | give me back what I paid | refunds/policy=2 refunds/status=1 op/createRefund=1
        p | my package got lost in the mail | shipping/lost=2 shipping/tracking=1
        p | can I swap these sneakers for a bigger pair | returns/exchange=2
        p | are you open on Sunday | stores/hours=2
        p | undo a bad release | ops/rollback=2 ops/deploy=1
        p | monthly payments instead of all at once | payment/instalments=2
        p | the phone with my authenticator is gone | account/twofactor=2
        p | erase everything you know about me | account/close=2 privacy/export=1
        p | how do I get a job at your company | jobs/apply=2
        p | what happens with my old fridge | sustainability/recycling=2
        p | too many attempts to sign in | account/locked=2 account/password=1
        s | authentification tokken | api/authentication=2 account/twofactor=1
        s | pasword forgoten | account/password=2 account/locked=1
        s | webhoook signing | api/webhooks=2
        s | instalment paymnt | payment/instalments=2
        s | warrantee for electronics | warranty/terms=2 warranty/repair=1
        s | giftcard | vouchers/gift=2 vouchers/use=1
        s | trackingnumber | shipping/tracking=2 table/shipments=2
        s | certifcates renewl | ops/certificates=2
        s | alergen list | kitchen/allergens=2
        s | ratelimit | api/ratelimits=2
        s | stockmovements journal | table/stock_movements=2
        s | canceling | op/cancelOrder=2
        s | packageing recycled | sustainability/packaging=2 sustainability/recycling=1
        s | idempotent post | api/idempotency=2
        """
}
