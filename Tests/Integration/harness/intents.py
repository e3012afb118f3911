"""What users of a shop ask, labelled: ten intents in thousands of wordings, drawn from a seed.

The stand-in's embeddings know words and pieces of words, no meaning: wordings of one intent share some of the words that it is about, and
differ in everything around them.
"""
import random
from collections import Counter

# How people say whatever they want to say: the same for all intents.
FRAMES = [
    "{a} {b}, {c}", "help with {a}: {b} {c}", "{b} {c}? {a}!", "about {a}, {c} and {b}", "I cannot {b} {c}, {a}", "{a} - {c} - {b}",
    "since Monday {b} {c}, always {a}", "why {a} {b} on {c}", "my friend says {c} {b} {a}", "{c}? need {a} {b} today", "how do {a} {b} {c} work",
    "{b} {a} {c} is not clear", "what about {a} {b} when {c}", "tell me {c} {a} {b}", "{a}, again {b} with {c}", "no luck: {c}, {b}, {a}",
]
OPENINGS = ["", "", "", "Hi, ", "Hello! ", "Please, ", "Hey, "]
CLOSINGS = ["", "", "", " Thanks!", " Please.", " Urgent."]

INTENTS = {
    "password": (["password", "new password", "my passwords"], ["reset password", "forgot password", "change the password"], ["login", "account login", "login page"]),
    "delivery": (["parcel", "my parcel", "parcels"], ["track delivery", "late delivery", "delivery tracking"], ["courier", "parcel courier", "the couriers"]),
    "refund": (["refund", "my refund", "refunds"], ["money back", "return money", "money refund"], ["bank transfer", "bank account", "the bank"]),
    "invoice": (["invoice", "VAT invoice", "invoices"], ["download invoice PDF", "invoice PDF", "PDF invoices"], ["VAT number", "company VAT", "VAT"]),
    "boots": (["boots", "hiking boots", "walking boots"], ["hiking boots size", "boots for hiking", "hike in boots"], ["wide feet", "cold feet", "small feet"]),
    "warranty": (["tent", "my tent", "tents"], ["broken zip", "zip broke", "broken pole and zip"], ["warranty", "tent warranty", "warranty claim"]),
    "newsletter": (["newsletter", "newsletters", "your newsletter"], ["unsubscribe", "unsubscribe newsletter", "unsubscribed"], ["mailing list", "emails list", "mailing emails"]),
    "opening": (["opening hours", "hours of opening", "opening hour"], ["Ghent store", "store in Ghent", "the Ghent shop"], ["Sunday", "Sunday opening", "Sundays"]),
    "voucher": (["voucher", "gift voucher", "vouchers"], ["redeem voucher code", "voucher codes", "gift code"], ["checkout", "at checkout", "the checkout"]),
    "climbing": (["climbing", "climbing rope", "rope climbing"], ["rope and harness", "harness", "climbing harness"], ["belay", "belaying", "belay device"]),
}


def draw(intent, count, seed):
    """Wordings of one intent."""
    dice = random.Random(f"{seed}/{intent}")
    a, b, c = INTENTS[intent]
    return [
        dice.choice(OPENINGS) + dice.choice(FRAMES).format(a=dice.choice(a), b=dice.choice(b), c=dice.choice(c)) + dice.choice(CLOSINGS)
        for _ in range(count)
    ]


def adjusted_rand_index(labels, groups):
    """Hubert and Arabie 1985: 1 for the same partition, around 0 for chance."""
    def pairs(counts):
        return sum(n * (n - 1) / 2 for n in counts)
    together, first, second = pairs(Counter(zip(labels, groups)).values()), pairs(Counter(labels).values()), pairs(Counter(groups).values())
    expected = first * second / (len(labels) * (len(labels) - 1) / 2)
    return (together - expected) / ((first + second) / 2 - expected)
