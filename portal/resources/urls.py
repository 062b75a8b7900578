from django.urls import path

from portal.resources import acts, card_forms, cards, files, forms, pages, tables, views

app_name = "resources"
urlpatterns = [
    path("", views.ListView.as_view(), name="list"),
    path("store/", views.StoreView.as_view(), name="store"),
    path("new/", forms.NewFilesView.as_view(), name="new"),
    path("links/new/", forms.NewLinkView.as_view(), name="new_link"),
    path("sets/new/", card_forms.NewSetView.as_view(), name="new_set"),
    path("dice/", tables.DiceView.as_view(), name="dice"),
    path("dice/table/", tables.DiceTableView.as_view(), name="dice_table"),
    path("<uuid:pk>/table/", tables.TableView.as_view(), name="table"),
    path("<uuid:pk>/cards/", cards.CardsView.as_view(), name="cards"),
    path("<uuid:pk>/cards/more/", card_forms.MoreCardsView.as_view(), name="more_cards"),
    path("<uuid:pk>/cards/new/", card_forms.NewCardView.as_view(), name="new_card"),
    path("<uuid:pk>/cards/order/", cards.OrderView.as_view(), name="card_order"),
    path("<uuid:pk>/cards/<uuid:card>/", card_forms.CardView.as_view(), name="card"),
    path("<uuid:pk>/cards/<uuid:card>/removal/", cards.CardRemovalView.as_view(), name="card_removal"),
    path("<uuid:pk>/cards/<uuid:card>/<slug:side>/<slug:part>/", cards.CardFileView.as_view(), name="card_file"),
    path("<uuid:pk>/", views.ResourceView.as_view(), name="resource"),
    path("<uuid:pk>/change/", forms.ChangeView.as_view(), name="change"),
    path("<uuid:pk>/copy/", forms.ReplaceView.as_view(), name="replace"),
    path("<uuid:pk>/pages/", pages.PagesView.as_view(), name="pages"),
    path("<uuid:pk>/file/", files.FileView.as_view(), name="file"),
    path("<uuid:pk>/download/", files.DownloadView.as_view(), name="download"),
    path("<uuid:pk>/picture/<slug:size>/", files.PictureView.as_view(), name="picture"),
    path("<uuid:pk>/versions/<int:version>/", files.VersionView.as_view(), name="version"),
    path("<uuid:pk>/versions/<int:version>/restoration/", acts.RestorationView.as_view(), name="restoration"),
    path("<uuid:pk>/sharing/", acts.SharingView.as_view(), name="sharing"),
    path("<uuid:pk>/listing/", acts.ListingView.as_view(), name="listing"),
    path("<uuid:pk>/favorite/", acts.FavoriteView.as_view(), name="favorite"),
    path("<uuid:pk>/deletion/", acts.DeletionView.as_view(), name="deletion"),
]
