"""What the demo's websites say, as plain values: pages of sections, by organization and language."""

from typing import Any

Part = tuple[str, dict[str, Any]]


def _points(heading: str, *items: tuple[str, str, str]) -> Part:
    rows = [{"type": "item", "value": {"icon": icon, "title": title, "text": text}} for icon, title, text in items]
    return "points", {"heading": heading, "items": rows}


def _questions(heading: str, *items: tuple[str, str]) -> Part:
    rows = [{"type": "item", "value": {"question": question, "answer": answer}} for question, answer in items]
    return "questions", {"heading": heading, "items": rows}


# (slug, language) -> title, description, sections; "@picture" and "@contact" are filled in when the pages are made.
HARBOUR: dict[tuple[str, str], tuple[str, str, list[Part]]] = {
    ("home", "en"): (
        "Harbour Speech Therapy",
        "Speech and language therapy in Galway and online, for children and adults.",
        [
            ("hero", {"heading": "Finding words, together.", "text": "Speech and language therapy for children and adults: at our practice on the "
             "harbour, and online for families who live far away.", "button": "Talk to us", "target": "@contact", "picture": "@picture",
             "alt": "Morning light over a calm harbour"}),
            _points(
                "How we work",
                ("message-circle", "We listen first", "The first conversation is free. Bring your questions, and somebody you trust."),
                ("heart-handshake", "With the family", "Ten minutes of play at home do more than an hour of drill. We show you how."),
                ("video", "Near, wherever you are", "Meet in the browser, without installing anything. Times are always yours."),
            ),
            ("text", {"heading": "A practice by the water", "body": "<p>We help children and adults to speak, to swallow and to be understood. "
              "Olivia Brennan opened the practice in 2009; today there are three of us.</p><p>Most people come to us because somebody worries: "
              "a parent, a teacher, a doctor. We begin with what is going well.</p>", "picture": "@second",
              "alt": "Hills and a low sun over the bay", "side": "start"}),
            ("services", {"heading": "What we offer", "text": "", "prices": False}),
            ("quote", {"text": "He said “biscuit”. Then he said it to everybody on the bus.", "who": "A mother, Galway"}),
            ("contact", {"heading": "Not sure whether you need us?", "text": "Write two sentences. We answer within a working day.", "hours": "",
             "form": True, "topics": "A first appointment\nSchools and kindergartens\nSomething else"}),
        ],
    ),
    ("limerick", "en"): (
        "Shannon Voice Rooms",
        "Voice therapy in Limerick and online: for teachers, singers, and whoever speaks for a living.",
        [
            ("hero", {"heading": "A voice of your own.", "text": "Voice therapy by the river, and online: for teachers, singers, and whoever speaks "
             "for a living.", "button": "Talk to us", "target": "@contact", "picture": "@picture", "alt": "A low sun over the river"}),
            ("text", {"heading": "Three rooms on Bridge Row", "body": "<p>Niall Okafor has worked with voices for twelve years. The first hour is "
              "spent listening: to how you speak, and to what your days ask of it.</p>", "picture": "", "alt": "", "side": "end"}),
            ("contact", {"heading": "Come and see us", "text": "Ring, or write two sentences.", "hours": "", "form": False, "topics": ""}),
        ],
    ),
    ("limerick", "de"): (
        "Shannon Voice Rooms",
        "Stimmtherapie in Limerick und online: für Lehrkräfte, Sängerinnen und alle, die beruflich sprechen.",
        [
            ("hero", {"heading": "Eine Stimme, die trägt.", "text": "Stimmtherapie am Fluss und online: für Lehrkräfte, Sängerinnen und alle, die "
             "beruflich sprechen.", "button": "Sprechen Sie uns an", "target": "@contact", "picture": "@picture", "alt": "Sonne über dem Fluss"}),
            ("contact", {"heading": "Kommen Sie vorbei", "text": "Rufen Sie an, oder schreiben Sie zwei Sätze.", "hours": "", "form": False,
             "topics": ""}),
        ],
    ),
    ("home", "de"): (
        "Harbour Speech Therapy",
        "Logopädie in Galway und online, für Kinder und Erwachsene.",
        [
            ("hero", {"heading": "Worte finden, gemeinsam.", "text": "Logopädie für Kinder und Erwachsene: in unserer Praxis am Hafen und online "
             "für Familien, die weit weg wohnen.", "button": "Sprechen Sie uns an", "target": "@contact", "picture": "@picture",
             "alt": "Morgenlicht über einem stillen Hafen"}),
            _points(
                "So arbeiten wir",
                ("message-circle", "Erst zuhören", "Das erste Gespräch kostet nichts. Bringen Sie Fragen mit, und jemanden, dem Sie vertrauen."),
                ("heart-handshake", "Mit der Familie", "Zehn Minuten Spiel zu Hause bewirken mehr als eine Stunde Übung."),
                ("video", "Nah, wo immer Sie sind", "Treffen Sie uns im Browser, ohne etwas zu installieren."),
            ),
            ("services", {"heading": "Was wir anbieten", "text": "", "prices": False}),
            ("contact", {"heading": "Unsicher, ob Sie uns brauchen?", "text": "Schreiben Sie zwei Sätze. Wir antworten binnen eines Werktags.",
             "hours": "", "form": True, "topics": "Ein erster Termin\nSchulen und Kindergärten\nEtwas anderes"}),
        ],
    ),
    ("services", "en"): (
        "Services and prices",
        "What we do, how long it takes, and what it costs.",
        [
            ("hero", {"heading": "What we do", "text": "Every therapy begins with an assessment. After it you know what we suggest, for how long, "
              "and what it costs."}),
            ("services", {"heading": "Prices", "text": "", "prices": True}),
            _questions(
                "Questions about paying",
                ("Does the insurance pay?", "Many insurers refund a part. You get an invoice with everything that they ask for."),
                ("What if we cannot come?", "Cancel a day ahead and nothing is charged. Later, the policy in your portal applies."),
                ("How do I pay?", "By card in the portal, or by bank transfer. You find all invoices and receipts there."),
            ),
        ],
    ),
    ("team", "en"): (
        "Team",
        "Who works at Harbour Speech Therapy.",
        [
            ("hero", {"heading": "Who listens here", "text": "You choose with whom you work, and you may change your mind."}),
            ("team", {"heading": "", "text": ""}),
        ],
    ),
    ("team", "de"): (
        "Team",
        "Wer bei Harbour Speech Therapy arbeitet.",
        [
            ("hero", {"heading": "Wer hier zuhört", "text": "Sie wählen, mit wem Sie arbeiten, und dürfen es sich anders überlegen."}),
            ("team", {"heading": "", "text": ""}),
        ],
    ),
    ("contact", "en"): (
        "Contact",
        "Address, telephone and hours of Harbour Speech Therapy in Galway.",
        [
            ("hero", {"heading": "Come by, or call", "text": "We are a few steps from the harbour, on the ground floor, without stairs."}),
            ("contact", {"heading": "", "text": "", "hours": "Monday to Thursday 9:00–17:30\nFriday 9:00–13:00", "form": True,
             "topics": "A first appointment\nSchools and kindergartens\nSomething else"}),
        ],
    ),
    ("contact", "de"): (
        "Kontakt",
        "Adresse, Telefon und Zeiten von Harbour Speech Therapy in Galway.",
        [
            ("hero", {"heading": "Kommen Sie vorbei, oder schreiben Sie", "text": "Ein paar Schritte vom Hafen, im Erdgeschoss, ohne Stufen."}),
            ("contact", {"heading": "", "text": "", "hours": "Montag bis Donnerstag 9:00–17:30\nFreitag 9:00–13:00", "form": True,
             "topics": "Ein erster Termin\nSchulen und Kindergärten\nEtwas anderes"}),
        ],
    ),
    ("articles", "en"): (
        "Articles",
        "Notes from our practice.",
        [("hero", {"heading": "Notes from the practice", "text": "Short texts for parents, teachers and everybody who listens."}),
         ("articles", {"heading": ""})],
    ),
    ("articles/waiting-ten-seconds", "en"): (
        "Waiting ten seconds",
        "Why a pause helps more than another question.",
        [
            ("text", {"heading": "", "body": "<p>Ask a child a question, and most of us wait for one second. Then we ask again, or we answer for "
              "them. Ten seconds feel like rudeness to a grown-up. To somebody who is looking for a word they are a gift.</p><h2>Try this</h2><ul>"
              "<li>Say what you see instead of asking: “You found the red one.”</li><li>Count to ten in your head, and look interested.</li>"
              "<li>Repeat what comes, a little longer: “Bus.” – “Yes, a big bus.”</li></ul><p>It is harder than it sounds. Practise on the dog.</p>",
              "side": "end"}),
            ("quote", {"text": "Silence is where the word is being made.", "who": "Tess Whelan"}),
        ],
    ),
    ("articles/two-languages-at-home", "en"): (
        "Two languages at home",
        "Speaking your own language with your child is never the problem.",
        [
            ("text", {"heading": "", "body": "<p>Parents ask us whether they should speak English only, so that it is easier. No. Children learn "
              "to speak from people who speak well, and you speak your own language best.</p><p>A child with a language difficulty has it in "
              "both languages; leaving one out does not make the other grow.</p>", "side": "end"}),
        ],
    ),
}  # fmt: skip

CADENZA: dict[tuple[str, str], tuple[str, str, list[Part]]] = {
    ("home", "en"): (
        "Cadenza Music School",
        "Piano, violin, guitar and voice in Brooklyn and online, for every age.",
        [
            ("hero", {"heading": "Play what you hear.", "text": "Piano, violin, guitar and voice for every age: one to one, in our rooms in "
              "Brooklyn or online.", "button": "Book a trial lesson", "target": "@contact", "picture": "@picture",
              "alt": "Waves of colour under an evening sun"}),
            _points(
                "",
                ("music", "From the first lesson", "You play a tune on the first day. Scales come when you ask for them."),
                ("users", "Two concerts a year", "Students play for each other. Nobody has to; nearly everybody does."),
                ("calendar-check", "Your hour", "The same time every week, moved in two clicks when life gets in the way."),
            ),
            ("services", {"heading": "Lessons", "text": "One teacher, one student, one instrument.", "prices": True}),
            ("quote", {"text": "I came for my daughter. Now we both practise.", "who": "Grant, parent and beginner"}),
            ("contact", {"heading": "Try one lesson", "text": "No contract, no instrument needed: we have one for you. Write to us.", "hours": "",
             "form": True, "topics": "A trial lesson\nA place for my child\nConcerts\nSomething else"}),
        ],
    ),
    ("home", "es"): (
        "Cadenza Music School",
        "Piano, violín, guitarra y canto en Brooklyn y en línea, para todas las edades.",
        [
            ("hero", {"heading": "Toca lo que oyes.", "text": "Piano, violín, guitarra y canto para todas las edades: clases individuales, en "
              "Brooklyn o en línea.", "button": "Clase de prueba", "target": "@contact", "picture": "@picture",
              "alt": "Olas de color bajo un sol de tarde"}),
            _points(
                "",
                ("music", "Desde la primera clase", "El primer día ya toca una melodía. Las escalas llegan cuando las pida."),
                ("users", "Dos conciertos al año", "Los alumnos tocan unos para otros. Nadie está obligado; casi todos lo hacen."),
                ("calendar-check", "Su hora", "La misma hora cada semana; se cambia en dos clics."),
            ),
            ("services", {"heading": "Clases", "text": "", "prices": True}),
            ("contact", {"heading": "Pruebe una clase", "text": "Sin contrato y sin instrumento: tenemos uno para usted. Escríbanos.", "hours": "",
             "form": True, "topics": "Una clase de prueba\nUna plaza para mi hijo\nConciertos\nOtra cosa"}),
        ],
    ),
    ("services", "en"): (
        "Lessons and prices",
        "How lessons work, and what they cost.",
        [
            ("hero", {"heading": "Lessons for everybody", "text": "Thirty minutes for small hands, sixty for restless ones."}),
            ("services", {"heading": "Prices", "text": "", "prices": True}),
            _questions(
                "Before you begin",
                ("Do I need an instrument?", "Not for the trial lesson. After it we tell you what to rent, and where."),
                ("How old must one be?", "From five for violin and piano, from seven for guitar, from ten for voice. There is no upper end."),
                ("Can lessons be online?", "Yes, every one of them, in the browser. Many students mix both."),
            ),
        ],
    ),
    ("team", "en"): (
        "Teachers",
        "Who teaches at Cadenza Music School.",
        [
            ("hero", {"heading": "Who teaches here", "text": "All of them play, too. Ask where."}),
            ("team", {"heading": "", "text": ""}),
        ],
    ),
    ("contact", "en"): (
        "Contact",
        "How to find Cadenza Music School in Brooklyn.",
        [
            ("hero", {"heading": "Ring the bell twice", "text": "Once is the neighbour’s dog."}),
            ("contact", {"heading": "", "text": "", "hours": "Monday to Friday 1:00–8:00 p.m.\nSaturday 9:00 a.m.–2:00 p.m.", "form": True,
             "topics": "A trial lesson\nA place for my child\nConcerts\nSomething else"}),
        ],
    ),
    ("articles", "en"): (
        "Stories",
        "From our rooms.",
        [("hero", {"heading": "Stories", "text": "From our rooms, between lessons."}), ("articles", {"heading": ""})],
    ),
    ("articles/practise-less", "en"): (
        "Practise less, more often",
        "Five minutes before breakfast beat an hour on Sunday.",
        [
            ("text", {"heading": "", "body": "<p>Muscles learn while you sleep. What you play for five minutes today you play better tomorrow, "
              "and what you play for an hour on Sunday you have forgotten by Thursday.</p><h2>A week of five minutes</h2><ol><li>Play the hard bar "
              "only, slowly, three times right.</li><li>Play the piece once, mistakes and all, to the end.</li><li>Play something you love.</li>"
              "</ol><p>Then close the lid and go to school.</p>", "side": "end"}),
        ],
    ),
}  # fmt: skip

TEXTS = {"harbour": HARBOUR, "cadenza": CADENZA}
# A page that is written and not published yet, so that the list shows one.
DRAFTS = {"harbour": ("For schools", "schools"), "cadenza": ("Summer camp", "summer-camp")}
