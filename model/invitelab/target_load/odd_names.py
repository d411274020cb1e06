"""Names and namespaces of aliases, of every shape the page allows, by place in a room.

A name has 1 to 25 characters and a namespace 1 to 63. Those of a room differ in more
than the letter case, though some in a single sign, or in the namespace alone.
"""

LONGEST_NAME, LONGEST_NAMESPACE = 25, 63
LETTERS = 26
NAME_SHAPES, NAMESPACE_SHAPES = 10, 6


def letters(number: int) -> str:
    """A number in letters, so that it is unique without digits."""
    text = ""
    while True:
        number, place = divmod(number, LETTERS)
        text += chr(ord("a") + place)
        if not number:
            return text


def _plain(place: int, room: int) -> str:
    return f"k{letters(place)}r{letters(room)}z"


def name_like(place: int, room: int) -> str:
    """The name of the member at that place of a room."""
    own = _plain(place, room)
    shape = (place + room) % NAME_SHAPES
    match shape:
        case 1 if place:  # the first letter but one of another name is any sign
            other = _plain(place - 1, room)
            return f"{other[:1]}{'._'[room % 2]}{other[2:]}"
        case 2:
            return f"{own}.{letters(room)}"
        case 3:
            return f"{own}-x9"
        case 4:
            return f"{own}_{letters(place)}"
        case 5:
            return f"{own}{room % 90 + 10}"
        case 6:
            return own.capitalize() + "X"
        case 7 if place < LETTERS:
            return letters(place)
        case 8:
            return f"{own}{'y' * LONGEST_NAME}"[:LONGEST_NAME]
        case 9 if place:
            return name_like(place - 1, room)  # in another namespace
        case _:
            return own


def namespace_of(place: int, room: int) -> str:
    """The namespace of the member at that place of a room."""
    if (place + room) % NAME_SHAPES == 1 and place:
        return namespace_of(place - 1, room)  # so that a single sign is apart
    if (place + room) % NAME_SHAPES == NAME_SHAPES - 1 and place:
        return f"other{letters(place)}"
    match (place + room // 2) % NAMESPACE_SHAPES:
        case 1:
            return "custom"
        case 2:
            return f"a.{letters(room)}"
        case 3:
            return f"b-{letters(room)}"
        case 4:
            return f"{letters(room)}{'n' * LONGEST_NAMESPACE}"[:LONGEST_NAMESPACE]
        case _:
            return "ad"
