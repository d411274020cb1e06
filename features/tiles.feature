Feature: Inviting from a contact tile
  A contact's tile has Invite in its context menu, in each of the four lists.
  It invites the contact on the tile and no one else.

  Rule: TILE-1 A tile in Favorites invites its contact

    @TILE-1
    Scenario: The tiles in Favorites offer Invite
      Given Ada uses version 10.0.0
      And Bob, Cid and Dora use version 7 or later
      And Dora has a portable client
      And Bob is in Ada's Favorites
      And Dora is in Ada's Favorites
      And Bob is in Ada's Address Book
      And Cid is in Ada's Recent Sessions
      Then Ada is offered Invite on the tile of Bob in Favorites
      And Ada is offered Invite on the tile of Dora in Favorites
      But Ada is not offered Invite on the tile of Cid in Favorites

    @TILE-1
    Scenario: Invite on a tile in Favorites reaches its contact and no other
      Given Ada uses version 10.0.0
      And Bob, Cid and Dora use version 7 or later
      And Cid has a portable client
      And Bob is in Ada's Favorites
      And Cid is in Ada's Favorites
      And Dora is in Ada's Favorites
      When Ada invites Cid from the tile in Favorites
      Then the attempt succeeds
      And Cid sees the invitation from Ada
      But Bob sees no invitation
      And Dora sees no invitation
      When Cid rejects the invitation
      And Ada invites Bob from the tile in Favorites
      Then Bob sees the invitation from Ada
      But Dora sees no invitation

  Rule: TILE-2 A tile in Recent Sessions invites its contact

    @TILE-2
    Scenario: The tiles in Recent Sessions offer Invite
      Given Ada uses version 7.0.0
      And Bob, Cid and Dora use version 7 or later
      And Dora has a portable client
      And Bob is in Ada's Recent Sessions
      And Dora is in Ada's Recent Sessions
      And Bob is in Ada's Favorites
      And Cid is in Ada's Discovery
      Then Ada is offered Invite on the tile of Bob in Recent Sessions
      And Ada is offered Invite on the tile of Dora in Recent Sessions
      But Ada is not offered Invite on the tile of Cid in Recent Sessions

    @TILE-2
    Scenario: Invite on a tile in Recent Sessions reaches its contact and no other
      Given Ada uses version 7.0.0
      And Bob, Cid and Dora use version 7 or later
      And Dora has a portable client
      And Bob is in Ada's Recent Sessions
      And Dora is in Ada's Recent Sessions
      And Cid is in Ada's Recent Sessions
      When Ada invites Dora from the tile in Recent Sessions
      Then the attempt succeeds
      And Dora sees the invitation from Ada
      But Bob sees no invitation
      And Cid sees no invitation
      When Dora rejects the invitation
      And Ada invites Bob from the tile in Recent Sessions
      Then Bob sees the invitation from Ada
      But Cid sees no invitation

  Rule: TILE-3 A tile in Discovery invites its contact

    @TILE-3
    Scenario: The tiles in Discovery offer Invite
      Given Ada uses version 10.0.0
      And Bob, Cid and Dora use version 7 or later
      And Dora has a portable client
      And Bob is in Ada's Discovery
      And Dora is in Ada's Discovery
      And Bob is in Ada's Recent Sessions
      And Cid is in Ada's Address Book
      Then Ada is offered Invite on the tile of Bob in Discovery
      And Ada is offered Invite on the tile of Dora in Discovery
      But Ada is not offered Invite on the tile of Cid in Discovery

    @TILE-3
    Scenario: Invite on a tile in Discovery reaches its contact and no other
      Given Ada uses version 10.0.0
      And Bob, Cid and Dora use version 7 or later
      And Bob has a portable client
      And Dora is in Ada's Discovery
      And Bob is in Ada's Discovery
      And Cid is in Ada's Discovery
      When Ada invites Bob from the tile in Discovery
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      But Dora sees no invitation
      And Cid sees no invitation
      When Bob rejects the invitation
      And Ada invites Dora from the tile in Discovery
      Then Dora sees the invitation from Ada
      But Cid sees no invitation

  Rule: TILE-4 A tile in the Address Book invites its contact

    @TILE-4
    Scenario: The tiles in the Address Book offer Invite
      Given Ada uses version 7.0.0
      And Bob, Cid and Dora use version 7 or later
      And Dora has a portable client
      And Bob is in Ada's Address Book
      And Dora is in Ada's Address Book
      And Bob is in Ada's Discovery
      And Cid is in Ada's Favorites
      Then Ada is offered Invite on the tile of Bob in Address Book
      And Ada is offered Invite on the tile of Dora in Address Book
      But Ada is not offered Invite on the tile of Cid in Address Book

    @TILE-4
    Scenario: Invite on a tile in the Address Book reaches its contact and no other
      Given Ada uses version 7.0.0
      And Bob, Cid and Dora use version 7 or later
      And Cid has a portable client
      And Dora is in Ada's Address Book
      And Cid is in Ada's Address Book
      And Bob is in Ada's Address Book
      When Ada invites Cid from the tile in Address Book
      Then the attempt succeeds
      And Cid sees the invitation from Ada
      But Dora sees no invitation
      And Bob sees no invitation
      When Cid rejects the invitation
      And Ada invites Dora from the tile in Address Book
      Then Dora sees the invitation from Ada
      But Bob sees no invitation

  Rule: TILE-5 Every way of inviting has the same result

    @TILE-5
    Scenario Outline: An invitation goes the same way whichever way it was sent
      Given Ada and Bob use version 7 or later
      And Bob is in Ada's Favorites
      And Bob is in Ada's Recent Sessions
      And Bob is in Ada's Discovery
      And Bob is in Ada's Address Book
      When Ada invites Bob <way> with the permission profile "Screen Sharing"
      Then the attempt succeeds
      And Ada sees the invitation to Bob as pending
      And Ada's list shows the ID of Bob
      And the invitation to Bob has the permission profile "Screen Sharing"
      And Bob sees exactly one invitation from Ada in the client
      And the notification shows Bob the ID of Ada
      And the notification shows Bob the alias of Ada
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then Bob controls the device of Ada
      And the session has exactly the permissions "view"

      Examples:
        | way                              |
        | by alias                         |
        | from the tile in Favorites       |
        | from the tile in Recent Sessions |
        | from the tile in Discovery       |
        | from the tile in Address Book    |
