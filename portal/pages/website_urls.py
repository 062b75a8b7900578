from django.urls import path

from portal.pages import pictures, publication, sections, website

app_name = "website"
urlpatterns = [
    path("", website.PageListView.as_view(), name="pages"),
    path("new/", website.NewPageView.as_view(), name="new_page"),
    path("pictures/", pictures.PictureListView.as_view(), name="pictures"),
    path("pictures/unused/removal/", pictures.UnusedRemovalView.as_view(), name="pictures_unused"),
    path("pictures/<uuid:pk>/removal/", pictures.PictureRemovalView.as_view(), name="picture_removal"),
    path("pages/<int:pk>/", website.PageView.as_view(), name="page"),
    path("pages/<int:pk>/details/", website.PageDetailsView.as_view(), name="page_details"),
    path("pages/<int:pk>/front/", website.FrontPageView.as_view(), name="page_front"),
    path("pages/<int:pk>/preview/", website.PagePreviewView.as_view(), name="page_preview"),
    path("pages/<int:pk>/publication/", publication.PublishView.as_view(), name="page_publication"),
    path("pages/<int:pk>/date/", publication.ScheduleView.as_view(), name="page_date"),
    path("pages/<int:pk>/date/end/", publication.UnscheduleView.as_view(), name="page_date_end"),
    path("pages/<int:pk>/withdrawal/", publication.UnpublishView.as_view(), name="page_withdrawal"),
    path("pages/<int:pk>/link/", publication.LinkView.as_view(), name="page_link"),
    path("pages/<int:pk>/link/end/", publication.LinkEndView.as_view(), name="page_link_end"),
    path("pages/<int:pk>/place/", publication.MoveView.as_view(), name="page_place"),
    path("pages/<int:pk>/removal/", publication.RemovalView.as_view(), name="page_removal"),
    path("pages/<int:pk>/versions/<int:version>/", publication.VersionView.as_view(), name="page_version"),
    path("pages/<int:pk>/sections/new/<slug:kind>/", sections.NewSectionView.as_view(), name="new_section"),
    path("pages/<int:pk>/sections/<slug:section>/", sections.SectionView.as_view(), name="section"),
    path("pages/<int:pk>/sections/<slug:section>/place/", sections.SectionPlaceView.as_view(), name="section_place"),
    path(
        "pages/<int:pk>/sections/<slug:section>/removal/", sections.SectionRemovalView.as_view(), name="section_removal"
    ),
]
